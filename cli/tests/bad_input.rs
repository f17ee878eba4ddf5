//! Files that are no recording, folders that refuse, keys that do not fit: one typed error each, and nothing lost.

mod common;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use common::{Desk, Mount, gpx, text, track};

#[test]
fn a_file_that_is_no_recording_is_refused_with_its_reason() {
    let desk = Desk::new();
    let kept = desk.imported();
    let laughs = "<?xml version=\"1.0\"?><!DOCTYPE gpx [<!ENTITY a \"haha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">\
                  <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><gpx><name>&c;</name></gpx>";
    let route = "<gpx><trk><trkseg><trkpt lat=\"1\" lon=\"1\"/><trkpt lat=\"1\" lon=\"2\"/></trkseg></trk></gpx>";
    std::fs::create_dir(desk.path("folder")).expect("a folder");
    let cases = [
        (
            desk.path("missing.gpx").to_string_lossy().into_owned(),
            "file_not_found",
        ),
        (desk.path("folder").to_string_lossy().into_owned(), "is_directory"),
        (desk.file("empty.gpx", ""), "empty_file"),
        (desk.file("notes.gpx", "Dear diary, today I ran."), "unknown_format"),
        (
            desk.file("page.gpx", "<html><body>Not found</body></html>"),
            "unknown_format",
        ),
        (desk.file("laughs.gpx", laughs), "forbidden_xml"),
        (desk.file("route.gpx", route), "no_times"),
        (desk.file("bare.gpx", "<gpx></gpx>"), "no_activity"),
        (
            desk.file("noise.fit", [14, 16, 0, 0, 9, 9, 9, 9, b'.', b'F', b'I', b'T', 0, 0]),
            "malformed_file",
        ),
    ];
    for (file, code) in &cases {
        for command in [vec!["import", file], vec!["record", "--replay", file]] {
            assert_eq!(desk.json(&command).error(), *code, "{command:?}");
        }
    }
    assert_eq!(desk.stored(), [kept]);
    assert_eq!(
        desk.json(&["recover", "list"]).ok()["recoverable"],
        serde_json::json!([])
    );
}

#[test]
fn two_gigabytes_are_refused_by_their_size_alone() {
    let desk = Desk::new();
    let path = desk.path("huge.gpx");
    File::create(&path)
        .and_then(|file| file.set_len(2 << 30))
        .expect("a sparse file");
    assert_eq!(
        desk.json(&["import", &path.to_string_lossy()]).error(),
        "file_too_large"
    );
}

#[test]
fn the_content_counts_and_not_the_name() {
    let desk = Desk::new();
    let file = desk.file("run.fit", gpx(60));
    let said = desk.json(&["import", &file]).ok();
    assert_eq!(
        (
            &said["imported"][0]["format"],
            &said["imported"][0]["activities"][0]["is_new"]
        ),
        (&"gpx".into(), &true.into())
    );
}

#[test]
fn a_file_that_ends_early_gives_what_stands_before_and_says_so() {
    let desk = Desk::new();
    let whole = gpx(120);
    let file = desk.file("cut.gpx", &whole[..whole.len() / 2]);
    let said = desk.json(&["import", &file]).ok();
    let activity = &said["imported"][0]["activities"][0];
    assert_eq!(activity["repairs"]["truncated"], 1, "{activity}");
    let samples = activity["sample_count"].as_u64().expect("a count");
    assert!((40..120).contains(&samples), "{samples}");
}

#[test]
fn real_files_that_are_cut_or_damaged_give_what_they_have() {
    let Some((tcx, fit)) = track("20160911_run_708752345.tcx").zip(track("20210507_run_coros_pace_2.fit")) else {
        return;
    };
    let desk = Desk::new();
    let tcx = std::fs::read(tcx).expect("a track");
    let mut fit = std::fs::read(fit).expect("a track");
    let cut = desk.file("cut.tcx", &tcx[..tcx.len() / 2]);
    let cut_fit = desk.file("cut.fit", &fit[..fit.len() / 2]);
    let last = fit.len() - 1;
    fit[last] ^= 0xff;
    let wrong_sum = desk.file("sum.fit", &fit);
    for (file, repair) in [
        (cut, "truncated"),
        (cut_fit, "truncated"),
        (wrong_sum, "checksum_wrong"),
    ] {
        let said = desk.json(&["import", &file]).ok();
        assert_eq!(said["imported"][0]["activities"][0]["repairs"][repair], 1, "{file}");
    }
}

#[test]
fn one_bad_file_does_not_stop_the_others() {
    let desk = Desk::new();
    let (good, bad, short) = (
        desk.file("good.gpx", gpx(60)),
        desk.file("bad.gpx", "?"),
        desk.file("more.gpx", gpx(90)),
    );
    let said = desk.json(&["import", &good, &bad, &short, "--jobs", "2"]);
    assert_eq!(said.error(), "unknown_format");
    let said = said.json();
    let files: Vec<String> = said["imported"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|file| text(&file["file"]))
        .collect();
    assert_eq!(files, [good.clone(), short]);
    assert_eq!(text(&said["failed"][0]["file"]), bad);
    assert_eq!(desk.stored().len(), 2);
    let again = desk.json(&["import", &good]).ok();
    assert_eq!(again["imported"][0]["activities"][0]["is_new"], false);
    assert_eq!(desk.stored().len(), 2);
}

#[test]
fn a_person_reads_what_why_and_what_to_do() {
    let desk = Desk::new();
    let said = desk.run(&["import", "nowhere.gpx"]);
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
    insta::assert_snapshot!(said.err, @r"
    nowhere.gpx
    error: The file was not found: nowhere.gpx
      why: There is no file at this path.
      try: Check the path.
    ");
}

#[test]
fn a_newer_database_is_refused_and_left_as_it_is() {
    let desk = Desk::new();
    desk.imported();
    let path = desk.data().join("steadfast.db");
    let mut bytes = std::fs::read(&path).expect("the database");
    // SQLite keeps `user_version`, the number of the last migration, in bytes 60 to 63, big-endian.
    bytes[60..64].copy_from_slice(&9999_u32.to_be_bytes());
    std::fs::write(&path, &bytes).expect("the database");
    assert_eq!(desk.json(&["activities", "list"]).error(), "storage_newer_version");
    assert!(
        std::fs::read(&path).expect("the database") == bytes,
        "a newer database was changed"
    );
}

#[test]
fn what_is_no_database_is_refused_and_left_as_it_is() {
    let desk = Desk::new();
    desk.imported();
    let path = desk.data().join("steadfast.db");
    std::fs::write(&path, "not a database at all, but somebody's only copy of something").expect("a file");
    assert_eq!(desk.json(&["activities", "list"]).error(), "storage_corrupt");
    assert!(std::fs::read(&path).expect("the file").starts_with(b"not a database"));
}

#[test]
fn a_damaged_database_gives_way_to_the_backup_and_is_kept() {
    let desk = Desk::new();
    let kept = desk.imported();
    assert_eq!(desk.json(&["backup"]).ok()["made"], serde_json::json!(true));
    let database = desk.path("data").join("steadfast.db");
    std::fs::write(&database, vec![7; 8192]).expect("the database can be damaged");
    assert_eq!(desk.json(&["activities", "list"]).error(), "storage_corrupt");
    assert_eq!(desk.json(&["restore-backup"]).ok()["restored"], serde_json::json!(true));
    assert_eq!(desk.stored(), [kept]);
    let aside = database.with_file_name("steadfast.db.corrupt-1");
    assert_eq!(std::fs::read(aside).expect("the damaged file is kept"), vec![7; 8192]);
}

#[test]
fn a_second_process_is_told_that_the_data_is_in_use() {
    let desk = Desk::new();
    let file = desk.file("run.gpx", gpx(600));
    let mut first = desk
        .command(&["record", "--replay", &file, "--acks", "--speed", "1"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut line = String::new();
    BufReader::new(first.stdout.take().expect("a pipe"))
        .read_line(&mut line)
        .expect("an ack");
    assert_eq!(line, "ack 1\n");
    assert_eq!(desk.json(&["activities", "list"]).error(), "storage_in_use");
    first.kill().and_then(|()| first.wait()).expect("it ends");
    let left = desk.json(&["recover", "list"]).ok();
    assert!(left["recoverable"][0]["sample_count"].as_u64() >= Some(1), "{left}");
}

#[test]
fn a_data_folder_that_is_a_file_is_an_error() {
    let desk = Desk::new();
    let file = desk.file("data", "in the way");
    assert_eq!(desk.json(&["activities", "list"]).error(), "storage_io");
    assert_eq!(std::fs::read(file).expect("the file"), b"in the way");
}

#[test]
fn a_read_only_folder_is_said_to_be_one() {
    let desk = Desk::new();
    let Some(mount) = Mount::tmpfs(&desk.data(), "size=32m") else {
        return;
    };
    let id = desk.imported();
    assert!(mount.read_only(), "a tmpfs can be mounted again as read-only");
    assert_eq!(desk.json(&["activities", "list"]).error(), "storage_read_only");
    assert!(mount.resize("32m"));
    assert_eq!(desk.stored(), [id]);
}

#[test]
fn a_full_disk_loses_nothing() {
    let desk = Desk::new();
    let Some(mount) = Mount::tmpfs(&desk.data(), "size=40m") else {
        return;
    };
    let file = desk.file("long.gpx", gpx(600));
    let kept = desk.imported();
    desk.json(&["record", "--replay", &file, "--stop-after", "900"]).ok();
    let recoverable = desk.json(&["recover", "list"]).ok()["recoverable"].clone();
    let id = text(&recoverable[0]["id"]);
    // Leaves less than the store keeps free for everybody else.
    std::fs::write(desk.data().join("ballast"), vec![1; 36 << 20]).expect("36 of 40 MB");
    assert_eq!(desk.json(&["import", &file]).error(), "storage_full");
    let code = desk.json(&["recover", "save", &id]).error();
    assert!(["save_failed", "storage_full"].contains(&code.as_str()), "{code}");
    assert_eq!(desk.json(&["recover", "list"]).ok()["recoverable"], recoverable);
    std::fs::remove_file(desk.data().join("ballast")).expect("the ballast");
    assert_eq!(text(&desk.json(&["recover", "save", &id]).ok()["id"]), id);
    assert_eq!(desk.stored().len(), 2);
    assert!(desk.stored().contains(&kept));
    drop(mount);
}

#[test]
fn an_encrypted_workout_needs_its_key() {
    let desk = Desk::new();
    let (key, other) = (desk.file("key", [7; 32]), desk.file("other", [8; 32]));
    let same_in_hex = desk.file("key.hex", "07".repeat(32) + "\n");
    let file = desk.file("run.gpx", gpx(120));
    let stopped = desk
        .json(&["record", "--replay", &file, "--stop-after", "100", "--key", &key])
        .ok();
    let id = text(&stopped["stopped"]["id"]);
    assert_eq!(desk.json(&["recover", "save", &id]).error(), "recovery_key_missing");
    assert_eq!(
        desk.json(&["recover", "save", &id, "--key", &other]).error(),
        "recovery_key_wrong"
    );
    assert_eq!(
        desk.json(&["recover", "resume", &id, "--replay", &file, "--key", &other])
            .error(),
        "recovery_key_wrong"
    );
    assert_eq!(
        desk.json(&["recover", "list"]).ok()["recoverable"][0]["problem"],
        "recovery_key_missing"
    );
    for wrong in [desk.file("short", "abc"), desk.file("odd", "0".repeat(63))] {
        assert_eq!(
            desk.json(&["recover", "list", "--key", &wrong]).error(),
            "invalid_argument"
        );
    }
    assert_eq!(
        desk.json(&["recover", "list", "--key", "nowhere"]).error(),
        "file_not_found"
    );
    let saved = desk.json(&["recover", "save", &id, "--key", &same_in_hex]).ok();
    assert_eq!(saved["id"], id.as_str());
}
