//! `cargo xtask icons`: every size of the icon from the one drawing, `icons/patchbay.svg`.
//!
//! The drawing becomes pixels through `rsvg-convert`; the two container formats hold those PNG images as they are, so
//! they are written here rather than by another tool.

use anyhow::{Result, bail, ensure};

use crate::{FINE, NEEDS_YOU, Status, shell};

const DRAWING: &str = "icons/patchbay.svg";

/// The single images: file and edge in pixels.
const IMAGES: &[(&str, u32)] =
    &[("icons/32x32.png", 32), ("icons/128x128.png", 128), ("icons/128x128@2x.png", 256), ("icons/icon.png", 512)];

/// What Windows asks for at its scales.
const WINDOWS: &[u32] = &[16, 24, 32, 48, 64, 256];

/// macOS: the type code that stands for each edge.
const APPLE: &[(&[u8; 4], u32)] = &[
    (b"icp4", 16),
    (b"icp5", 32),
    (b"ic07", 128),
    (b"ic08", 256),
    (b"ic09", 512),
    (b"ic10", 1024),
    (b"ic11", 32),
    (b"ic12", 64),
    (b"ic13", 256),
    (b"ic14", 512),
];

pub(crate) fn make() -> Result<Status> {
    if !shell::on_path("rsvg-convert") {
        println!("rsvg-convert is needed to draw the icons: sudo apt-get install -y librsvg2-bin");
        return Ok(NEEDS_YOU);
    }
    for (file, edge) in IMAGES {
        write(file, &pixels(*edge)?)?;
    }
    let windows = WINDOWS.iter().map(|edge| Ok((*edge, pixels(*edge)?))).collect::<Result<Vec<_>>>()?;
    write("icons/icon.ico", &ico(&windows)?)?;
    let apple = APPLE.iter().map(|(code, edge)| Ok((**code, pixels(*edge)?))).collect::<Result<Vec<_>>>()?;
    write("icons/icon.icns", &icns(&apple)?)?;
    Ok(FINE)
}

fn write(file: &str, bytes: &[u8]) -> Result<()> {
    std::fs::write(shell::root().join(file), bytes)?;
    println!("{file}: {} bytes", bytes.len());
    Ok(())
}

/// The drawing as a PNG of this edge.
fn pixels(edge: u32) -> Result<Vec<u8>> {
    let edge = edge.to_string();
    let drawing = shell::root().join(DRAWING);
    let output = shell::command("rsvg-convert").args(["-w", &edge, "-h", &edge]).arg(drawing).output()?;
    if !output.status.success() {
        bail!("rsvg-convert failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(output.stdout)
}

/// A Windows icon whose images are PNG, which Windows has read since Vista: a directory, then the images.
fn ico(images: &[(u32, Vec<u8>)]) -> Result<Vec<u8>> {
    const HEADER: usize = 6;
    const ENTRY: usize = 16;
    let mut bytes = vec![0, 0, 1, 0];
    bytes.extend(u16::try_from(images.len())?.to_le_bytes());
    let mut offset = HEADER + ENTRY * images.len();
    for (edge, image) in images {
        ensure!(*edge <= 256, "a Windows icon is at most 256 pixels wide");
        // 256 does not fit into a byte and is written as 0.
        let edge = u8::try_from(*edge).unwrap_or(0);
        bytes.extend([edge, edge, 0, 0, 1, 0, 32, 0]);
        bytes.extend(u32::try_from(image.len())?.to_le_bytes());
        bytes.extend(u32::try_from(offset)?.to_le_bytes());
        offset += image.len();
    }
    images.iter().for_each(|(_, image)| bytes.extend(image));
    Ok(bytes)
}

/// An Apple icon: blocks of code, length (with these eight bytes) and PNG.
fn icns(images: &[([u8; 4], Vec<u8>)]) -> Result<Vec<u8>> {
    let total = 8 + images.iter().map(|(_, image)| 8 + image.len()).sum::<usize>();
    let mut bytes = b"icns".to_vec();
    bytes.extend(u32::try_from(total)?.to_be_bytes());
    for (code, image) in images {
        bytes.extend(code);
        bytes.extend(u32::try_from(8 + image.len())?.to_be_bytes());
        bytes.extend(image);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Width and height of a PNG with an alpha channel.
    fn size_of_png(png: &[u8]) -> Option<(u32, u32)> {
        let header = png.strip_prefix(b"\x89PNG\r\n\x1a\n")?.get(4..)?.strip_prefix(b"IHDR")?;
        let number = |at: usize| Some(u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?));
        // Eight bits in each of red, green, blue and alpha: the shell takes nothing else.
        (header.get(8..10)? == [8, 6]).then_some((number(0)?, number(4)?))
    }

    fn committed(file: &str) -> Vec<u8> {
        std::fs::read(shell::root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    #[test]
    fn the_committed_images_have_their_sizes() {
        for (file, edge) in IMAGES {
            assert_eq!(size_of_png(&committed(file)), Some((*edge, *edge)), "{file}");
        }
    }

    #[test]
    fn the_committed_windows_icon_holds_every_size() {
        let bytes = committed("icons/icon.ico");
        let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize;
        for (index, edge) in WINDOWS.iter().enumerate() {
            let entry = 6 + 16 * index;
            let (length, offset) = (number(entry + 8), number(entry + 12));
            assert_eq!(size_of_png(&bytes[offset..offset + length]), Some((*edge, *edge)));
        }
    }

    #[test]
    fn the_committed_apple_icon_holds_every_size() {
        let bytes = committed("icons/icon.icns");
        let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize;
        assert_eq!((&bytes[..4], number(4)), (&b"icns"[..], bytes.len()));
        let mut at = 8;
        for (code, edge) in APPLE {
            assert_eq!(&bytes[at..at + 4], *code);
            assert_eq!(size_of_png(&bytes[at + 8..at + number(at + 4)]), Some((*edge, *edge)));
            at += number(at + 4);
        }
        assert_eq!(at, bytes.len());
    }
}
