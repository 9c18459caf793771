//! The door to a bot's folder: what is read, what is refused, and that a refused write leaves everything as it was.
#![allow(clippy::unwrap_used, reason = "what fails while a test is being set up fails the test")]
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use studio::folder::Before;
use studio::{Folder, FolderError};
use tempfile::TempDir;

fn folder(files: &[(&str, &[u8])]) -> (TempDir, Folder) {
    let dir = TempDir::new().unwrap();
    for (file, bytes) in files {
        let path = dir.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let folder = Folder::open(dir.path()).unwrap();
    (dir, folder)
}

/// Reads one file and expects its text or a sentence that begins so.
fn check(files: &[(&str, &[u8])], file: &str, expect: Result<&str, &str>) {
    let (_dir, folder) = folder(files);
    match (folder.read(file), expect) {
        (Ok(text), Ok(expected)) => assert_eq!(text, expected),
        (Err(error), Err(expected)) => assert!(error.to_string().starts_with(expected), "{error}"),
        (got, expected) => panic!("{got:?} is not {expected:?}"),
    }
}

#[test]
fn reads_text_and_names_what_it_cannot_read() {
    check(&[("a.yaml", b"one")], "a.yaml", Ok("one"));
    check(&[("skills/s/a.yaml", b"two")], "skills/s/a.yaml", Ok("two"));
    check(&[], "a.yaml", Err("a.yaml is not there any more."));
    check(&[("a.yaml", b"ok\xff")], "a.yaml", Err("a.yaml is not UTF-8 text: byte 2"));
    check(&[("a.yaml", &vec![b'a'; 1024 * 1024 + 1])], "a.yaml", Err("a.yaml is larger than 1 MiB"));
    check(&[("a.yaml/b", b"")], "a.yaml", Err("a.yaml is not a regular file"));
    check(&[], "../a.yaml", Err("../a.yaml leads out of the bot's folder"));
    check(&[], "/etc/passwd", Err("/etc/passwd leads out of the bot's folder"));
}

#[test]
fn reads_exactly_one_mebibyte() {
    let (_dir, folder) = folder(&[("a.yaml", &vec![b'a'; 1024 * 1024])]);
    assert_eq!(folder.read("a.yaml").unwrap().len(), 1024 * 1024);
}

#[test]
fn links_out_are_not_followed_and_links_inside_are() {
    let (dir, folder) = folder(&[("real.yaml", b"inside")]);
    let outside = TempDir::new().unwrap();
    fs::write(outside.path().join("secret.yaml"), "outside").unwrap();
    symlink(outside.path().join("secret.yaml"), dir.path().join("out.yaml")).unwrap();
    symlink("../../../../etc/hostname", dir.path().join("up.yaml")).unwrap();
    symlink(outside.path(), dir.path().join("skills")).unwrap();
    symlink("real.yaml", dir.path().join("in.yaml")).unwrap();

    assert_eq!(folder.read("in.yaml").unwrap(), "inside");
    for file in ["out.yaml", "up.yaml", "skills/secret.yaml"] {
        assert_eq!(folder.read(file), Err(FolderError::LeadsOut(file.to_owned())));
        assert_eq!(folder.write(file, Before::Anything, "mine"), Err(FolderError::LeadsOut(file.to_owned())));
    }
    assert_eq!(fs::read_to_string(outside.path().join("secret.yaml")).unwrap(), "outside");

    let found = folder.read_all().unwrap();
    let names: Vec<_> = found.iter().map(|found| found.file.as_str()).collect();
    assert_eq!(names, ["in.yaml", "out.yaml", "real.yaml", "up.yaml"], "the linked folder is not looked into");
}

#[test]
fn fifos_are_refused_without_waiting_for_a_writer() {
    let (dir, folder) = folder(&[]);
    rustix::fs::mknodat(
        rustix::fs::CWD,
        dir.path().join("integrations.yaml"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    assert_eq!(folder.read("integrations.yaml"), Err(FolderError::NotRegular("integrations.yaml".to_owned())));
    assert_eq!(folder.read_all().unwrap().len(), 1);
}

#[test]
fn passes_over_what_is_not_a_bots() {
    let files: [(&str, &[u8]); 5] =
        [("a.bubble", b""), (".git/b.yaml", b""), ("node_modules/c/d.yaml", b""), ("e.png", b""), ("data/f.csv", b"")];
    let (_dir, folder) = folder(&files);
    let names: Vec<_> = folder.read_all().unwrap().into_iter().map(|found| found.file).collect();
    assert_eq!(names, ["a.bubble", "data/f.csv"]);
}

#[test]
fn writes_whole_files_and_keeps_their_permissions() {
    let (dir, folder) = folder(&[("a.yaml", b"old")]);
    let path = dir.path().join("a.yaml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    folder.write("a.yaml", Before::Text("old"), "new").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);

    folder.write("skills/new/b.yaml", Before::Absent, "made").unwrap();
    assert_eq!(folder.read("skills/new/b.yaml").unwrap(), "made");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2, "no temporary file is left behind");
}

#[test]
fn never_overwrites_what_the_writer_has_not_seen() {
    let (dir, folder) = folder(&[("a.yaml", b"theirs")]);
    let changed = Err(FolderError::Changed("a.yaml".to_owned()));
    assert_eq!(folder.write("a.yaml", Before::Text("mine"), "new"), changed);
    assert_eq!(folder.write("a.yaml", Before::Absent, "new"), changed);
    assert_eq!(folder.write("b.yaml", Before::Text("mine"), "new"), Err(FolderError::Changed("b.yaml".to_owned())));
    assert_eq!(fs::read_to_string(dir.path().join("a.yaml")).unwrap(), "theirs");
    folder.write("a.yaml", Before::Anything, "new").unwrap();
    assert_eq!(fs::read_to_string(dir.path().join("a.yaml")).unwrap(), "new");
}

#[test]
fn writes_through_a_link_inside_to_what_it_names() {
    let (dir, folder) = folder(&[("real.yaml", b"old")]);
    symlink("real.yaml", dir.path().join("in.yaml")).unwrap();
    folder.write("in.yaml", Before::Text("old"), "new").unwrap();
    assert_eq!(fs::read_to_string(dir.path().join("real.yaml")).unwrap(), "new");
    assert!(fs::symlink_metadata(dir.path().join("in.yaml")).unwrap().is_symlink());
}

#[test]
fn a_file_that_may_not_be_written_is_not_replaced() {
    let (dir, folder) = folder(&[("a.yaml", b"kept")]);
    fs::set_permissions(dir.path().join("a.yaml"), fs::Permissions::from_mode(0o444)).unwrap();
    assert_eq!(folder.write("a.yaml", Before::Text("kept"), "new"), Err(FolderError::Denied("a.yaml".to_owned())));
    assert_eq!(fs::read_to_string(dir.path().join("a.yaml")).unwrap(), "kept");
}

#[test]
fn notices_that_the_folder_went_or_became_another() {
    let above = TempDir::new().unwrap();
    let path = above.path().join("bot");
    assert!(Folder::open(&path).unwrap_err().is_missing_folder());
    fs::create_dir(&path).unwrap();
    let folder = Folder::open(&path).unwrap();
    fs::remove_dir(&path).unwrap();
    assert!(folder.read_all().unwrap_err().is_missing_folder());

    let other = above.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("a.yaml"), "not yours").unwrap();
    symlink(&other, &path).unwrap();
    assert!(folder.read("a.yaml").unwrap_err().is_missing_folder());

    fs::write(above.path().join("file"), "").unwrap();
    assert!(matches!(Folder::open(&above.path().join("file")), Err(FolderError::NotAFolder(_))));
}
