//! Values of variables and flags, changed in texts as they are found.

use proptest::prelude::*;

use super::*;

fn moved(text: &str, word: Word) -> String {
    let edit = WordEdit::to(text, word, "https://10.0.0.9:6443").unwrap();
    let after = edit.make(text).unwrap();
    assert_eq!(edit.state(&after), Ok(State::Made));
    assert_eq!(edit.inverse().make(&after).as_deref(), Ok(text));
    after
}

#[test]
fn a_variable_gets_its_value_and_its_quotes_stay() {
    for (before, after) in [
        ("K3S_URL=https://a:1\n", "K3S_URL=https://10.0.0.9:6443\n"),
        ("K3S_TOKEN=t\r\nK3S_URL='https://a:1'\r\n", "K3S_TOKEN=t\r\nK3S_URL='https://10.0.0.9:6443'\r\n"),
        ("  export K3S_URL=\"https://a:1\"  ", "  export K3S_URL=\"https://10.0.0.9:6443\"  "),
        ("K3S_URL=https://a:1\nK3S_URL=https://b:1", "K3S_URL=https://a:1\nK3S_URL=https://10.0.0.9:6443"),
        (
            "#K3S_URL=x\nK3S_URL=https://a:1\nK3S_URL_=y",
            "#K3S_URL=x\nK3S_URL=https://10.0.0.9:6443\nK3S_URL_=y",
        ),
    ] {
        assert_eq!(moved(before, Word::Variable("K3S_URL".into())), after);
    }
}

#[test]
fn a_flag_gets_its_value_wherever_it_stands() {
    for (before, after) in [
        ("--server=https://a:1\n", "--server=https://10.0.0.9:6443\n"),
        (
            "ExecStart=/k3s agent --server https://a:1 -v",
            "ExecStart=/k3s agent --server https://10.0.0.9:6443 -v",
        ),
        (
            "  agent \\\n\t'--server' \\\n\t'https://a:1' \\\n",
            "  agent \\\n\t'--server' \\\n\t'https://10.0.0.9:6443' \\\n",
        ),
        ("'--server=https://a:1' \\\n", "'--server=https://10.0.0.9:6443' \\\n"),
        ("--server=\"https://a:1\"", "--server=\"https://10.0.0.9:6443\""),
        ("# --server x\n--server https://a:1", "# --server x\n--server https://10.0.0.9:6443"),
        ("--server https://a:1 --server https://b:1", "--server https://a:1 --server https://10.0.0.9:6443"),
    ] {
        assert_eq!(moved(before, Word::Flag("--server".into())), after);
    }
}

#[test]
fn of_a_unit_only_the_last_start_with_the_lines_that_go_on_with_it_is_the_command() {
    let around = |first: &str, counts: &str| {
        format!(
            "[Service]\r\nExecStartPre=/a --server https://pre:1\nExecStart=\nExecStart=/b --server https://{first}:1\n\
             ExecStart=/k3s agent \\\n  # --server https://no:1 \\\n\t--server {counts} \\\n  -v\n\
             ExecStopPost=/c --server https://post:1 \\\n --server=https://post:2\n"
        )
    };
    let flag = || Word::Flag("--server".into());

    assert_eq!(moved(&around("b", "https://a:1"), flag()), around("b", "https://10.0.0.9:6443"));
    for without in [
        "[Service]\nExecStart=/k3s agent\nExecStopPost=/c --server https://post:1\n",
        "[Service]\nEnvironment=A=b\nExecStartPre=/c --server https://post:1\n",
        "[Service]\nExecStart=/k3s --server https://a:1\nExecStart=\n",
    ] {
        assert!(WordEdit::to(without, flag(), "https://a:1").is_err(), "{without}");
    }
}

#[test]
fn what_is_not_a_word_of_its_own_is_left_alone() {
    for (text, word) in [
        ("K3S_URL=${URL}", Word::Variable("K3S_URL".into())),
        ("K3S_URL='a'\"b\"", Word::Variable("K3S_URL".into())),
        ("MY_K3S_URL=x", Word::Variable("K3S_URL".into())),
        ("--server $URL", Word::Flag("--server".into())),
        ("--server", Word::Flag("--server".into())),
        ("--servers=x", Word::Flag("--server".into())),
    ] {
        assert!(WordEdit::to(text, word, "https://a:1").is_err(), "{text}");
    }
}

#[test]
fn a_value_of_somebody_else_is_refused() {
    let edit = WordEdit::to("--server a", Word::Flag("--server".into()), "b").unwrap();

    assert_eq!(edit.state("--server c"), Ok(State::Neither));
}

proptest! {
    #[test]
    fn no_other_directive_of_a_unit_is_edited(
        before in "(Exec(StartPre|Condition)=/a --s x\n|# --s y \\\\\n|[A-Z]=(--s z \\\\\n){0,2}\n){0,4}",
        flags in "( -v| \\\\\n\t-w){0,3}",
        after in "(Exec(StartPost|Stop|Reload)=/a --s=x\n|[A-Z]=(--s z \\\\\n){0,2}\n){0,4}",
    ) {
        let unit = |value: &str| {
            format!("[Service]\n{before}\nExecStart=/b{flags} --s {value}{flags}\n{after}")
        };
        let word = Word::Flag("--s".into());

        let edit = WordEdit::to(&unit("https://a:1"), word, "https://b:1").unwrap();

        prop_assert_eq!(edit.make(&unit("https://a:1")).unwrap(), unit("https://b:1"));
    }

    #[test]
    fn an_edit_and_its_inverse_leave_every_byte(
        text in "([ -~]{0,12}(\n|\r\n|--s=| --s |S=|'|\"|\\\\\n)){0,8}",
        is_flag in any::<bool>(),
    ) {
        let word = if is_flag { Word::Flag("--s".into()) } else { Word::Variable("S".into()) };
        if let Ok(edit) = WordEdit::to(&text, word, "https://[fd00::1]:6443") {
            let after = edit.make(&text).unwrap();

            prop_assert_eq!(edit.state(&after), Ok(State::Made));
            prop_assert_eq!(edit.inverse().make(&after).unwrap(), text);
        }
    }
}
