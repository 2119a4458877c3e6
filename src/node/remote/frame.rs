//! The frames that carry a script's answers: what stands outside them is noise, what is cut off is refused.

use memchr::memmem;

/// What one step gave back.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Frame<'a> {
    pub code: i32,
    /// The exit status, where the step was a command.
    pub status: i32,
    pub out: &'a [u8],
    pub err: &'a [u8],
}

/// Why an answer cannot be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Unreadable {
    /// Nothing of it is there: the script never began.
    Missing,
    /// It ends too early.
    Cut,
    /// It is not what the script writes.
    Garbled,
}

/// The frames of one answer, in order and numbered from `first`.
///
/// A login shell may have said something before them, and may say something after.
pub(super) fn frames<'a>(nonce: &str, first: usize, answer: &'a [u8]) -> Result<Vec<Frame<'a>>, Unreadable> {
    let mark = format!("\n{nonce}\n");
    let (_, mut rest) = part(answer, &mark).ok_or(Unreadable::Missing)?;
    let mut frames = vec![];
    loop {
        let (index, after) = part(rest, "\n").ok_or(Unreadable::Cut)?;
        if index == b"end" {
            return Ok(frames);
        }
        let (out, after) = part(after, &mark).ok_or(Unreadable::Cut)?;
        let (ended, after) = part(after, "\n").ok_or(Unreadable::Cut)?;
        let (err, after) = part(after, &mark).ok_or(Unreadable::Cut)?;
        let [index] = numbers(index).ok_or(Unreadable::Garbled)?;
        let [code, status] = numbers(ended).ok_or(Unreadable::Garbled)?;
        if usize::try_from(index) != Ok(first + frames.len()) {
            return Err(Unreadable::Garbled);
        }
        frames.push(Frame { code, status, out, err });
        rest = after;
    }
}

/// What stands before the mark, and what behind it.
fn part<'a>(bytes: &'a [u8], mark: &str) -> Option<(&'a [u8], &'a [u8])> {
    let at = memmem::find(bytes, mark.as_bytes())?;
    Some((&bytes[..at], &bytes[at + mark.len()..]))
}

fn numbers<const COUNT: usize>(header: &[u8]) -> Option<[i32; COUNT]> {
    let fields = std::str::from_utf8(header).ok()?.split(' ');
    let numbers: Option<Vec<i32>> =
        fields.map(|field| field.parse().ok().filter(|number| *number >= 0)).collect();
    numbers?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NONCE: &str = "00112233445566778899aabbccddeeff";

    type Parts = (i32, i32, Vec<u8>, Vec<u8>);

    fn written(noise: &[u8], parts: &[Parts]) -> Vec<u8> {
        let mark = format!("\n{NONCE}\n");
        let mut text = [noise, mark.as_bytes()].concat();
        for (index, (code, status, out, err)) in parts.iter().enumerate() {
            text.extend([format!("{index}\n").as_bytes(), out, mark.as_bytes()].concat());
            text.extend([format!("{code} {status}\n").as_bytes(), err, mark.as_bytes()].concat());
        }
        text.extend(b"end\n");
        text
    }

    fn parts() -> impl Strategy<Value = Vec<Parts>> {
        let bytes = || prop::collection::vec(any::<u8>(), 0..80);
        prop::collection::vec((0..256i32, 0..256i32, bytes(), bytes()), 0..6)
    }

    proptest! {
        #[test]
        fn every_byte_comes_through_whatever_the_login_shell_says(
            noise in prop::collection::vec(any::<u8>(), 0..80),
            farewell in prop::collection::vec(any::<u8>(), 0..80),
            parts in parts(),
        ) {
            let text = [written(&noise, &parts), farewell].concat();

            let frames = frames(NONCE, 0, &text).unwrap();

            let back: Vec<Parts> = frames.iter()
                .map(|frame| (frame.code, frame.status, frame.out.to_vec(), frame.err.to_vec()))
                .collect();
            prop_assert_eq!(back, parts);
        }

        #[test]
        fn an_answer_cut_anywhere_is_refused(parts in parts(), cut in any::<prop::sample::Index>()) {
            let text = written(b"Welcome!\n", &parts);

            prop_assert!(frames(NONCE, 0, &text[..cut.index(text.len())]).is_err());
        }

        #[test]
        fn any_parts_at_all_are_read_without_a_panic(
            lines in prop::collection::vec(("[0-9 -]{0,4}", prop::collection::vec(any::<u8>(), 0..9)), 0..6),
        ) {
            let mark = format!("\n{NONCE}\n");
            let mut text = mark.clone().into_bytes();
            for (line, bytes) in lines {
                text.extend([line.as_bytes(), b"\n", &bytes, mark.as_bytes()].concat());
            }

            prop_assert!(frames(NONCE, 0, &text).is_err());
        }
    }

    #[test]
    fn what_is_no_header_is_refused() {
        let mark = format!("\n{NONCE}\n");
        for (index, ended) in
            [("x", "0 0"), ("-1", "0 0"), ("0 0", "0 0"), ("0", "0"), ("0", "0 0 0"), ("0", "0 -1")]
        {
            let text = format!("{mark}{index}\n{mark}{ended}\n{mark}end\n");

            assert_eq!(frames(NONCE, 0, text.as_bytes()), Err(Unreadable::Garbled), "{index} {ended}");
        }
    }

    #[test]
    fn a_frame_out_of_turn_is_refused() {
        let text = written(b"", &[(0, 0, vec![], vec![])]);

        assert_eq!(frames(NONCE, 1, &text), Err(Unreadable::Garbled));
    }
}
