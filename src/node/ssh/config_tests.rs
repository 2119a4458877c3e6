//! What `ssh -G` prints, as a host.

use super::*;

fn to(host: &str) -> Asked {
    Asked { host: host.into(), ..Asked::default() }
}

#[test]
fn what_ssh_prints_is_taken_over() {
    let text = "host cp1\nuser admin\nhostname 10.0.0.11\nport 2222\nidentitiesonly yes\n\
        identityfile /keys/%r@%h\nstricthostkeychecking accept-new\nhostkeyalias Node-One\n\
        globalknownhostsfile none\nuserknownhostsfile /k/%n /k/%%x\nidentityagent none\n\
        connecttimeout 7\nproxyjump a@b:23,c\nproxycommand none\n";

    let host = to("cp1").read(text);

    assert_eq!((host.host_name.as_str(), host.user.as_str(), host.port), ("10.0.0.11", "admin", 2222));
    assert_eq!(host.identities, [PathBuf::from("/keys/admin@10.0.0.11")]);
    assert_eq!(host.user_known_hosts, [PathBuf::from("/k/cp1"), "/k/%x".into()]);
    assert!(host.global_known_hosts.is_empty());
    assert_eq!((host.agent.clone(), host.unknown_keys), (Agent::None, UnknownKeys::Accept));
    assert_eq!(host.jump.as_deref(), Some("a@b:23,c"));
    assert_eq!(host.connect_timeout, Some(Duration::from_secs(7)));
    assert!(host.identities_only && !host.has_proxy_command);
    assert_eq!(host.known_as(), "node-one");
}

#[test]
fn without_ssh_the_flags_and_defaults_must_do() {
    let host = Asked { port: Some(2222), ..to("admin@[fd00::1]") }.by_default();

    assert_eq!((host.host_name.as_str(), host.user.as_str()), ("fd00::1", "admin"));
    assert_eq!(host.known_as(), "[fd00::1]:2222");
    assert_eq!(host.unknown_keys, UnknownKeys::Refuse);
}

#[test]
fn a_key_named_on_the_command_line_is_tried_first_even_if_ssh_does_not_list_it() {
    let host = Asked { identity: Some("/k/mine".into()), ..to("x") }.read("identityfile /k/other\nuser u\n");

    assert_eq!(host.identities, [PathBuf::from("/k/mine"), "/k/other".into()]);
}

#[test]
fn a_strict_user_and_one_who_is_asked_are_both_refused_unknown_keys() {
    for value in ["yes", "ask", "true"] {
        let host = to("x").read(&format!("stricthostkeychecking {value}\n"));

        assert_eq!(host.unknown_keys, UnknownKeys::Refuse, "{value}");
    }
}
