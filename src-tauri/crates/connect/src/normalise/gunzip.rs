//! Unpacks gzip (RFC 1952) around deflate (RFC 1951), for servers that send it without saying so. Answers are small and the
//! result is bounded, so it is written to be read, not to be fast.

/// The content, or `None` if it is damaged or longer than `limit`.
pub(super) fn gunzip(packed: &[u8], limit: usize) -> Option<Vec<u8>> {
    let head = packed.get(..10)?;
    if head[..3] != [0x1f, 0x8b, 8] || head[3] & 0xe0 != 0 {
        return None;
    }
    let flags = head[3];
    let mut at = 10;
    if flags & 4 != 0 {
        let length = usize::from(u16::from_le_bytes(packed.get(at..at + 2)?.try_into().ok()?));
        at += 2 + length;
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            at += packed.get(at..)?.iter().position(|byte| *byte == 0)? + 1;
        }
    }
    if flags & 2 != 0 {
        at += 2;
    }
    let body = packed.get(at..packed.len().checked_sub(8)?)?;
    let unpacked = inflate(body, limit)?;
    let tail = &packed[packed.len() - 8..];
    let sum = u32::from_le_bytes(tail[..4].try_into().ok()?);
    (crc32(&unpacked) == sum).then_some(unpacked)
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
    })
}

struct Bits<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl Bits<'_> {
    fn one(&mut self) -> Option<u16> {
        let byte = *self.bytes.get(self.at / 8)?;
        let bit = byte >> (self.at % 8) & 1;
        self.at += 1;
        Some(u16::from(bit))
    }

    fn take(&mut self, count: u8) -> Option<u16> {
        (0..count).try_fold(0, |value, place| Some(value | self.one()? << place))
    }
}

/// A canonical Huffman code: how many codes have each length, and the symbols in order.
struct Code {
    counts: [u16; 16],
    symbols: Vec<u16>,
}

impl Code {
    fn new(lengths: &[u8]) -> Self {
        let mut counts = [0; 16];
        for length in lengths {
            counts[usize::from(*length)] += 1;
        }
        counts[0] = 0;
        let mut symbols: Vec<u16> = (0_u16..).take(lengths.len()).filter(|at| lengths[usize::from(*at)] > 0).collect();
        symbols.sort_by_key(|at| lengths[usize::from(*at)]);
        Self { counts, symbols }
    }

    fn next(&self, bits: &mut Bits<'_>) -> Option<u16> {
        let (mut code, mut first, mut index) = (0_i32, 0_i32, 0_i32);
        for count in &self.counts[1..] {
            code |= i32::from(bits.one()?);
            let count = i32::from(*count);
            if code - count < first {
                return self.symbols.get(usize::try_from(index + code - first).ok()?).copied();
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }
}

fn inflate(bytes: &[u8], limit: usize) -> Option<Vec<u8>> {
    let mut bits = Bits { bytes, at: 0 };
    let mut out = Vec::new();
    loop {
        let last = bits.one()? == 1;
        match bits.take(2)? {
            0 => stored(&mut bits, &mut out)?,
            1 => {
                let lengths: Vec<u8> = (0..288)
                    .map(|symbol| match symbol {
                        144..=255 => 9,
                        256..=279 => 7,
                        _ => 8,
                    })
                    .collect();
                coded(&mut bits, &mut out, &Code::new(&lengths), &Code::new(&[5; 30]), limit)?;
            }
            2 => {
                let (lengths, distances) = tables(&mut bits)?;
                coded(&mut bits, &mut out, &lengths, &distances, limit)?;
            }
            _ => return None,
        }
        if out.len() > limit {
            return None;
        }
        if last {
            return Some(out);
        }
    }
}

fn stored(bits: &mut Bits<'_>, out: &mut Vec<u8>) -> Option<()> {
    let at = bits.at.div_ceil(8);
    let length = u16::from_le_bytes(bits.bytes.get(at..at + 2)?.try_into().ok()?);
    let check = u16::from_le_bytes(bits.bytes.get(at + 2..at + 4)?.try_into().ok()?);
    if length != !check {
        return None;
    }
    let end = at + 4 + usize::from(length);
    out.extend_from_slice(bits.bytes.get(at + 4..end)?);
    bits.at = end * 8;
    Some(())
}

fn tables(bits: &mut Bits<'_>) -> Option<(Code, Code)> {
    const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    let literals = usize::from(bits.take(5)?) + 257;
    let distances = usize::from(bits.take(5)?) + 1;
    let given = usize::from(bits.take(4)?) + 4;
    let mut lengths = [0; 19];
    for place in &ORDER[..given] {
        lengths[*place] = u8::try_from(bits.take(3)?).ok()?;
    }
    let code = Code::new(&lengths);
    let mut all: Vec<u8> = Vec::new();
    while all.len() < literals + distances {
        let (value, times) = match code.next(bits)? {
            symbol @ 0..=15 => (u8::try_from(symbol).ok()?, 1),
            16 => (*all.last()?, bits.take(2)? + 3),
            17 => (0, bits.take(3)? + 3),
            _ => (0, bits.take(7)? + 11),
        };
        all.extend(std::iter::repeat_n(value, usize::from(times)));
    }
    if all.len() != literals + distances {
        return None;
    }
    Some((Code::new(&all[..literals]), Code::new(&all[literals..])))
}

fn coded(bits: &mut Bits<'_>, out: &mut Vec<u8>, lengths: &Code, distances: &Code, limit: usize) -> Option<()> {
    loop {
        match lengths.next(bits)? {
            symbol @ 0..=255 => out.push(u8::try_from(symbol).ok()?),
            256 => return Some(()),
            symbol => {
                let length = length_of(symbol - 257, bits)?;
                let distance = distance_of(distances.next(bits)?, bits)?;
                let from = out.len().checked_sub(distance)?;
                for at in from..from + length {
                    out.push(out[at]);
                }
            }
        }
        if out.len() > limit {
            return None;
        }
    }
}

fn length_of(symbol: u16, bits: &mut Bits<'_>) -> Option<usize> {
    let symbol = u8::try_from(symbol).ok()?;
    match symbol {
        0..=7 => Some(usize::from(symbol) + 3),
        8..=27 => {
            let extra = symbol / 4 - 1;
            Some(((4 + usize::from(symbol % 4)) << extra) + 3 + usize::from(bits.take(extra)?))
        }
        28 => Some(258),
        _ => None,
    }
}

fn distance_of(symbol: u16, bits: &mut Bits<'_>) -> Option<usize> {
    let symbol = u8::try_from(symbol).ok()?;
    match symbol {
        0..=3 => Some(usize::from(symbol) + 1),
        4..=29 => {
            let extra = symbol / 2 - 1;
            Some(((2 + usize::from(symbol % 2)) << extra) + 1 + usize::from(bits.take(extra)?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64;

    use super::*;

    fn check(packed: &str, expect: Option<&str>) {
        let packed = BASE64.decode(packed.as_bytes()).unwrap();
        assert_eq!(gunzip(&packed, 100_000).as_deref(), expect.map(str::as_bytes));
    }

    const ANSWER: &str = r#"{"access_token":"at-1","token_type":"Bearer"}"#;

    #[test]
    fn unpacks_every_kind_of_block() {
        check(
            "H4sIAAAAAAAEAwEtANL/eyJhY2Nlc3NfdG9rZW4iOiJhdC0xIiwidG9rZW5fdHlwZSI6IkJlYXJlciJ9i9GfXS0AAAA=",
            Some(ANSWER),
        );
        check("H4sIAAAAAAACA6tWSkxOTi0uji/Jz07NU7JSSizRNVTSUQJz40sqC1KBYk6piUWpRUq1AIvRn10tAAAA", Some(ANSWER));
        let long: String = (0..150).map(|i| format!("{i}:{};", i * 7919 % 97)).collect();
        check(DYNAMIC, Some(&long));
    }

    #[test]
    fn refuses_what_is_damaged_or_too_long() {
        check("H4sIAAAAAAACA6tWSkxOSi0uji/Jz07NU7JSSizRNVTSUQJz40sqC1KBYk6piUWpRUq1AIvRn10tAAAA", None);
        check("H4sIAAAAAAAE", None);
        check("", None);
        let bomb = BASE64.decode(DYNAMIC.as_bytes()).unwrap();
        assert_eq!(gunzip(&bomb, 100), None);
        for cut in 0..bomb.len() {
            assert_eq!(gunzip(&bomb[..cut], 100_000), None, "{cut}");
        }
    }

    const DYNAMIC: &str = "\
        H4sIAAAAAAACAyXTyYHFMAgD0JbCYhap/75G/LmJQ4itvHz4aCinw5uBWSZe8sGWhTE2sjgw46KD9iGGZlB01KMFQjsS67SH17SC\
        KzcmaYNc2sKS/qGLbkij61l6oIaeiKA/7KMX6qM3XHkwTV88Z3wwHc/Qy3BkMgKKiTbGQxSjoNioYAx8GIv9mB/eYxpc2THODGQz\
        E6b80MkshO6tmzIHVcxFGN+HDT7DGz71o6yCHp8a+vhUkXKhm0+POt9AcVFqTi0ly7DF0lWNFXDlxAxLNQVLB1ZWTR9LNT2WavrY\
        qsnZarjZei1bNSU74ctWTfomhVds1aSsmoK9yOGopuCopsdRTR8noJio5qgm5xQ2OY23HPWkvJjiqid9YoMpO3q46im4OjFXNX1c\
        1fS4LTI7Z2b30Nj3HRv77ODY50fHvjg89uXxse8dIPvqn1D/DH1ziL79KTpXYiRY50i0DpJsnSThOkrSdZbEy27q02QHTJslTIOE\
        CZSJWBxPP1J2yrRZzPymd6pM0MTKJM1umoNlsiZZJmwaDpsWS5twmbjdkMfLBE6+TOIEzGTu3W8wR8ykTsZM7ITM5M5u8mNmkidn\
        Jno3vJNmZ0+bhU/WTPyEzeRP2v4AUhEsgpwDAAA=";
}
