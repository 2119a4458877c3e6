//! Who dies in the middle, one after the other.

use std::fs;

use super::*;

/// The journal of a run that nobody disturbs, taken back again.
pub fn undisturbed(scene: &Scene) -> Vec<String> {
    let laptop = scene.laptop();
    laptop.cpctl(&ADD).exits(0);
    let records = laptop.journal();
    scene.is_served("undisturbed");
    laptop.cpctl(&["undo", "--yes"]).exits(0);
    scene.is_as_before("undisturbed and taken back");
    records
}

pub fn killed_at_every_record(scene: &Scene, records: usize) {
    assert!(records >= 12, "{records}");
    for record in 1..=records {
        let laptop = scene.laptop();
        laptop.kill_at(record, &ADD);
        laptop.cpctl(&["resume"]).exits(0);
        scene.is_served(&format!("killed at record {record} and finished"));
        laptop.cpctl(&["undo", "--yes"]).exits(0);
        scene.is_as_before(&format!("killed at record {record}, finished and taken back"));

        let laptop = scene.laptop();
        laptop.kill_at(record, &ADD);
        laptop.cpctl(&["undo", "--yes"]).exits(0);
        scene.is_as_before(&format!("killed at record {record} and taken back"));
    }
    scene.nobody_noticed("killed at every record");
}

/// The laptop is lost with its journal; another one knows of the run from the node.
pub fn from_another_machine(scene: &Scene, record: usize) {
    let lost = scene.laptop();
    lost.kill_at(record, &ADD);
    let other = scene.laptop();
    let journal: serde_json::Value = serde_json::from_str(&lost.journal()[0]).unwrap();
    let run = journal["run"].as_str().unwrap();

    let seen = other.cpctl(&["runs"]).exits(0);

    assert!(seen.stdout.contains(run) && seen.stdout.contains("unfinished"), "{}", seen.shown());
    other.cpctl(&["resume", run]).exits(0);
    scene.is_served("finished from another machine");
    let third = scene.laptop();
    third.cpctl(&["undo", run, "--yes"]).exits(0);
    scene.is_as_before("taken back from a third machine");
    lost.cpctl(&["resume"]).exits(0);
    scene.is_as_before("the first machine has learnt that the run is over");
    let lost = scene.laptop();
    lost.kill_at(record, &ADD);
    scene.laptop().cpctl(&["undo", "--yes"]).exits(0);
    scene.is_as_before("taken back from another machine");
    scene.nobody_noticed("from another machine");
}

/// The binary dies while the node signs; who resumes waits for that.
pub fn a_command_outlives_its_client(scene: &Scene) {
    let (lab, laptop) = (&scene.lab, scene.laptop());
    lab.on("n2", SLOW_OPENSSL).exits(0);
    let mut words = vec!["sh", "-c", "echo $$ >\"$HOME/client\"; exec \"$@\"", "sh", Cpctl::binary()];
    words.extend(ADD);
    let client = piped(&mut laptop.command(&words));
    until("the node signs", || lab.on("n2", "test -e /run/signing").code == 0);
    let id = fs::read_to_string(lab.path("home/client")).unwrap();
    Ran::of(&mut lab.inside(&["kill", "-KILL", id.trim()])).exits(0);
    Ran::ended(client).exits(KILLED);

    let at_the_lock = || lab.on("n2", AT_THE_LOCK).exits(0).stdout.trim().parse::<u32>().unwrap();
    let before = at_the_lock();
    assert!(before > 0, "the command that outlives its client holds the node's lock");
    let mut heir = piped(&mut laptop.command(&[Cpctl::binary(), "resume"]));

    let is_waiting = awaited("the heir waits at the node's lock", || {
        let has_ended = heir.try_wait().unwrap().is_some();
        (has_ended || at_the_lock() > before).then_some(!has_ended)
    });
    if !is_waiting {
        panic!("the heir did not wait: {}", Ran::ended(heir).shown());
    }
    assert!(heir.try_wait().unwrap().is_none(), "the heir waits");
    lab.on("n2", "rm /run/wait").exits(0);
    Ran::ended(heir).exits(0);
    lab.on("n2", QUICK_OPENSSL).exits(0);
    scene.is_served("finished after the command that outlived its client");
    laptop.cpctl(&["undo", "--yes"]).exits(0);
    scene.is_as_before("taken back after the command that outlived its client");
    scene.nobody_noticed("a command that outlived its client");
}

/// Nobody gets in any more, so the step stays half done until somebody does.
pub fn ssh_is_cut_after_the_edit(scene: &Scene, record: usize) {
    for way in [&["resume"][..], &["undo", "--yes"]] {
        let laptop = scene.laptop();
        let frozen = laptop.freeze_at(record, &ADD);
        scene.lab.fault("no-ssh", "n2", "on");

        let stopped = frozen.thaw().exits(3);

        assert!(
            stopped.stderr.contains("cpctl resume") && stopped.stderr.contains("cpctl undo"),
            "{}",
            stopped.shown()
        );
        scene.lab.fault("no-ssh", "n2", "off");
        laptop.cpctl(way).exits(0);
        if way == ["resume"] {
            scene.is_served("finished after ssh was cut");
            laptop.cpctl(&["undo", "--yes"]).exits(0);
        }
        scene.is_as_before("taken back after ssh was cut");
        scene.nobody_noticed("ssh was cut");
    }
}

/// The connection is lost and a new one can be made: the step is taken back at once.
pub fn the_connection_breaks_after_the_edit(scene: &Scene, record: usize) {
    let laptop = scene.laptop();
    let frozen = laptop.freeze_at(record, &ADD);
    scene.lab.fault("no-ssh", "n2", "on");
    scene.lab.fault("no-ssh", "n2", "off");

    let stopped = frozen.thaw();

    assert_eq!(stopped.code, 2, "{}", stopped.shown());
    scene.is_as_before("the connection broke");
    scene.nobody_noticed("the connection broke");
}

/// A machine without power keeps what is on its disk, and starts all its units anew.
pub fn the_power_fails_after_the_edit(scene: &Scene, record: usize) {
    let impatient = scene.lab.path("home/impatient");
    let config = fs::read_to_string(scene.lab.path("home/.ssh/config")).unwrap();
    fs::write(&impatient, format!("ConnectTimeout 3\n{config}")).unwrap();
    for way in [&["resume"][..], &["undo", "--yes"]] {
        let laptop = scene.laptop();
        let words = [&["-F", impatient.to_str().unwrap()][..], &ADD].concat();
        let frozen = laptop.freeze_at(record, &words);
        scene.lab.fault("power-off", "n2", "on");

        let stopped = frozen.thaw().exits(3);

        assert!(
            stopped.stderr.contains("n2") && stopped.stderr.contains("cpctl resume"),
            "{}",
            stopped.shown()
        );
        scene.lab.fault("power-on", "n2", "on");
        laptop.cpctl(way).exits(0);
        if way == ["resume"] {
            scene.is_served("finished after the power failed");
            laptop.cpctl(&["undo", "--yes"]).exits(0);
        }
        scene.is_as_before("taken back after the power failed");
    }
    let kicks = |counts: &[Count]| -> Vec<_> {
        counts.iter().map(|count| (count.kicks, count.pods_killed)).collect()
    };
    let counts: Vec<_> = NODES.iter().map(|node| scene.lab.count(node)).collect();
    assert_eq!(kicks(&counts), kicks(&scene.counts), "the power failed");
}
