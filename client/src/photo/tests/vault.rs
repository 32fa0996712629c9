//! The promises of the vault.

use std::{fs, path::PathBuf};

use tempfile::TempDir;

use crate::photo::{Vault, VaultError, digest_of};

const KEY: [u8; 32] = [7; 32];
const PHOTO: &[u8] = b"a photo of a pothole, as plain bytes that must not be found on the disk";

fn new_vault() -> (TempDir, Vault) {
    let dir = TempDir::new().unwrap();
    let vault = Vault::open(dir.path().join("photos"), &KEY).unwrap();
    (dir, vault)
}

fn files_in(dir: &TempDir) -> Vec<PathBuf> {
    let folders = fs::read_dir(dir.path().join("photos")).unwrap();
    let files = folders.flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap());
    files.map(|file| file.unwrap().path()).collect()
}

#[test]
fn what_is_put_is_got_back_also_after_a_restart() {
    let (dir, vault) = new_vault();
    let digest = digest_of(PHOTO);
    assert!(!vault.contains(digest));

    vault.put(digest, PHOTO).unwrap();
    let after_restart = Vault::open(dir.path().join("photos"), &KEY).unwrap();

    assert!(after_restart.contains(digest));
    assert_eq!(after_restart.get(digest).unwrap(), PHOTO);
}

#[test]
fn the_disk_holds_neither_the_photo_nor_a_telling_name_and_nobody_else_may_read() {
    let (dir, vault) = new_vault();
    let digest = digest_of(PHOTO);

    vault.put(digest, PHOTO).unwrap();

    let [file] = files_in(&dir).try_into().unwrap();
    let bytes = fs::read(&file).unwrap();
    assert!(
        !bytes
            .windows(8)
            .any(|part| PHOTO.windows(8).any(|plain| plain == part))
    );
    assert_eq!(
        file.file_name().unwrap().to_str().unwrap(),
        digest.to_string()
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    let shown = format!("{vault:?}");
    assert!(!shown.contains('7'), "the key must not be shown: {shown}");
}

#[test]
fn flipping_any_bit_or_cutting_anywhere_is_noticed() {
    let (dir, vault) = new_vault();
    let digest = digest_of(PHOTO);
    vault.put(digest, PHOTO).unwrap();
    let [file] = files_in(&dir).try_into().unwrap();
    let whole = fs::read(&file).unwrap();

    for place in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[place] ^= 1 << (place % 8);
        fs::write(&file, flipped).unwrap();
        assert!(
            matches!(vault.get(digest), Err(VaultError::Damaged)),
            "bit in byte {place}"
        );

        fs::write(&file, &whole[..place]).unwrap();
        assert!(
            matches!(vault.get(digest), Err(VaultError::Damaged)),
            "cut at {place}"
        );
    }
}

#[test]
fn another_photos_file_or_another_key_is_noticed() {
    let (dir, vault) = new_vault();
    let (digest, other) = (digest_of(PHOTO), digest_of(b"other"));
    vault.put(digest, PHOTO).unwrap();
    let [file] = files_in(&dir).try_into().unwrap();

    let stranger = Vault::open(dir.path().join("photos"), &[8; 32]).unwrap();
    assert!(
        matches!(stranger.get(digest), Err(VaultError::Damaged)),
        "wrong key"
    );

    vault.put(other, b"other").unwrap();
    let [swapped] = files_in(&dir)
        .into_iter()
        .filter(|path| *path != file)
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    fs::copy(&file, swapped).unwrap();
    assert!(
        matches!(vault.get(other), Err(VaultError::Damaged)),
        "a swapped file"
    );
}

#[test]
fn putting_twice_changes_nothing_and_mends_a_damaged_file() {
    let (dir, vault) = new_vault();
    let digest = digest_of(PHOTO);
    vault.put(digest, PHOTO).unwrap();
    let [file] = files_in(&dir).try_into().unwrap();
    let first = fs::read(&file).unwrap();

    vault.put(digest, PHOTO).unwrap();
    assert_eq!(fs::read(&file).unwrap(), first, "the file is left alone");

    fs::write(&file, b"").unwrap();
    vault.put(digest, PHOTO).unwrap();
    assert_eq!(
        vault.get(digest).unwrap(),
        PHOTO,
        "a 0-byte file is replaced"
    );
    assert_eq!(files_in(&dir).len(), 1);
}

#[test]
fn bytes_that_do_not_match_their_digest_are_refused() {
    let (dir, vault) = new_vault();

    let error = vault.put(digest_of(b"something else"), PHOTO).unwrap_err();

    assert!(matches!(error, VaultError::WrongDigest));
    assert!(files_in(&dir).is_empty(), "nothing is written");
}

#[test]
fn what_is_removed_is_missing_and_removing_it_again_is_fine() {
    let (_dir, vault) = new_vault();
    let digest = digest_of(PHOTO);
    vault.put(digest, PHOTO).unwrap();
    assert!(vault.size_on_disk().unwrap() > u64::try_from(PHOTO.len()).unwrap());

    vault.remove(digest).unwrap();
    vault.remove(digest).unwrap();

    assert!(!vault.contains(digest));
    assert!(matches!(vault.get(digest), Err(VaultError::Missing)));
    assert_eq!(vault.size_on_disk().unwrap(), 0);
}

#[test]
fn what_a_crash_left_half_written_is_swept_and_photos_stay() {
    let (dir, vault) = new_vault();
    let digest = digest_of(PHOTO);
    vault.put(digest, PHOTO).unwrap();
    let [file] = files_in(&dir).try_into().unwrap();
    fs::write(file.with_extension("0011223344556677.tmp"), b"GWP1 half").unwrap();

    assert_eq!(vault.sweep_temp().unwrap(), 1);

    assert_eq!(files_in(&dir), [file]);
    assert_eq!(vault.get(digest).unwrap(), PHOTO);
}

/// A real full disk: this test runs itself again in a mount namespace of its own, on a file system
/// of 64 kB. Where that isn't permitted, a file-size limit makes the write fail half-way.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_nothing_half_written_is_left() {
    const ROOM: &str = "GRIDWALKER_TEST_FULL_DISK";
    if let Some(dir) = std::env::var_os(ROOM) {
        return fill(PathBuf::from(dir));
    }

    let dir = TempDir::new().unwrap();
    let run = |shell: &[&str], script: &str| {
        let (program, arguments) = shell.split_first().unwrap();
        std::process::Command::new(program)
            .args(arguments)
            .args(["sh", "-c", script])
            .env(ROOM, dir.path())
            .env("EXE", std::env::current_exe().unwrap())
            .output()
            .unwrap()
    };
    let itself = r#"exec "$EXE" --exact photo::tests::vault::a_full_disk_is_told_and_nothing_half_written_is_left"#;
    let mount = format!(r#"mount -t tmpfs -o size=64k none "${ROOM}""#);
    let namespace = ["unshare", "--map-root-user", "--mount"];
    let child = if run(&namespace, &mount).status.success() {
        run(&namespace, &format!("{mount} && {itself}"))
    } else {
        run(&["env"], &format!("trap '' XFSZ; ulimit -f 64; {itself}"))
    };

    let (out, err) = (
        String::from_utf8_lossy(&child.stdout),
        String::from_utf8_lossy(&child.stderr),
    );
    assert!(
        child.status.success() && out.contains("1 passed"),
        "{out}{err}"
    );
}

#[cfg(target_os = "linux")]
fn fill(dir: PathBuf) {
    let vault = Vault::open(dir.join("photos"), &KEY).unwrap();
    let small = digest_of(PHOTO);
    vault.put(small, PHOTO).unwrap();
    let before = vault.size_on_disk().unwrap();
    let large = vec![1; 200_000];

    let error = vault.put(digest_of(&large), &large).unwrap_err();

    assert!(matches!(error, VaultError::DiskFull), "{error:?}");
    assert!(
        !vault.contains(digest_of(&large)),
        "no photo under its final name"
    );
    assert_eq!(
        vault.size_on_disk().unwrap(),
        before,
        "no partial file is left"
    );
    assert_eq!(
        vault.get(small).unwrap(),
        PHOTO,
        "what was there stays readable"
    );
}
