//! Servers on the loopback that answer, refuse, or say what is no answer.

use std::{net::UdpSocket as Socket, thread};

use tokio::runtime::Builder;

use super::*;

const ANSWERED: u8 = 0;
const REFUSED: u8 = 5;
const NO_SUCH_NAME: u8 = 3;

/// The answer to a question, with this code and, where there is one, an `A` record kept for so many seconds.
fn reply(question: &[u8], code: u8, kept: Option<u32>) -> Vec<u8> {
    let mut bytes = question.to_vec();
    bytes[2] |= 0x80;
    bytes[3] = code;
    if let Some(seconds) = kept {
        bytes[7] = 1;
        bytes.extend([0xc0, 12, 0, 1, 0, 1]);
        bytes.extend(seconds.to_be_bytes());
        bytes.extend([0, 4, 10, 0, 0, 3]);
    }
    bytes
}

/// A server that says this to the questions for both kinds of addresses of a name.
fn server(says: impl Fn(&[u8]) -> Vec<Vec<u8>> + Send + 'static) -> SocketAddr {
    let socket = Socket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    thread::spawn(move || {
        for _ in 0..2 {
            let mut bytes = [0; MOST];
            let (count, client) = socket.recv_from(&mut bytes).unwrap();
            for said in says(&bytes[..count]) {
                socket.send_to(&said, client).unwrap();
            }
        }
    });
    address
}

fn seconds(servers: &[SocketAddr], search: &[&str]) -> Option<u32> {
    let search: Vec<String> = search.iter().map(|domain| (*domain).to_owned()).collect();
    let dots = 1 + search.len() * 9;
    let resolvers = Resolvers { servers: servers.to_vec(), search, dots };
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(resolvers.lifetime("api.example")).map(|told| told.seconds)
}

fn serving() -> SocketAddr {
    server(|question| vec![reply(question, ANSWERED, Some(3600))])
}

#[test]
fn the_next_server_is_asked_where_one_refuses_and_not_where_one_knows_of_no_such_name() {
    let of = |code| server(move |question| vec![reply(question, code, None)]);

    let refused = seconds(&[of(REFUSED), serving()], &[]);
    let unknown = seconds(&[of(NO_SUCH_NAME), serving()], &[]);

    assert_eq!((refused, unknown), (Some(3600), None));
}

#[test]
fn what_is_cut_short_or_answers_another_question_is_no_answer() {
    let strays = server(|question| {
        let whole = reply(question, ANSWERED, Some(60));
        let mut other = reply(question, ANSWERED, Some(9999));
        other[0] ^= 1;
        vec![other[..whole.len() - 5].to_vec(), whole[..whole.len() - 5].to_vec(), vec![], other, whole]
    });

    assert_eq!(seconds(&[strays], &[]), Some(60));
}

#[test]
fn a_name_too_long_to_be_asked_for_keeps_no_server_from_answering_for_the_next() {
    let long = vec!["a".repeat(60); 5].join(".");

    assert_eq!(seconds(&[serving()], &[&long]), Some(3600));
}

#[test]
fn what_the_machine_says_of_its_resolvers_is_read_as_the_c_library_reads_it() {
    let text = "# by hand\nnameserver 10.0.0.53\nnameserver fe80::1%eth0\nnameserver ::1\n\
                domain old.example\nsearch corp.example. example\noptions rotate ndots:2\n";

    let read = Resolvers::read(text);

    let servers = ["10.0.0.53:53", "[::1]:53"].map(|server| server.parse().unwrap()).to_vec();
    let search = ["corp.example.", "example"].map(str::to_owned).to_vec();
    assert_eq!(read, Resolvers { servers, search, dots: 2 });
    assert_eq!(read.meant_by("api.k8s"), ["api.k8s.corp.example", "api.k8s.example", "api.k8s"]);
    assert_eq!(read.meant_by("a.b.c")[0], "a.b.c");
    assert!(is_own("localhost") && is_own("api.LOCALHOST") && !is_own("localhost.example"));
}
