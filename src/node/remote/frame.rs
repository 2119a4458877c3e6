//! The frames that carry a script's answers: what stands outside them is noise, what is cut off is refused.

/// What one step gave back.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Frame<'a> {
    pub index: usize,
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
    let begin = format!("{nonce} begin\n");
    let start = find(answer, begin.as_bytes()).ok_or(Unreadable::Missing)? + begin.len();
    let mut rest = &answer[start..];
    let mut frames = vec![];
    loop {
        let end = find(rest, b"\n").ok_or(Unreadable::Cut)?;
        let header = std::str::from_utf8(&rest[..end]).map_err(|_| Unreadable::Garbled)?;
        rest = &rest[end + 1..];
        let fields = header.strip_prefix(nonce).ok_or(Unreadable::Garbled)?;
        if fields == " end" {
            return Ok(frames);
        }
        let (frame, after) = body(fields, rest)?;
        if frame.index != first + frames.len() {
            return Err(Unreadable::Garbled);
        }
        frames.push(frame);
        rest = after;
    }
}

fn body<'a>(fields: &str, rest: &'a [u8]) -> Result<(Frame<'a>, &'a [u8]), Unreadable> {
    let numbers: Vec<u32> = fields
        .split_ascii_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()
        .map_err(|_| Unreadable::Garbled)?;
    let [index, code, status, out, err] = numbers[..] else { return Err(Unreadable::Garbled) };
    let (out, rest) = rest.split_at_checked(out as usize).ok_or(Unreadable::Cut)?;
    let (err, rest) = rest.split_at_checked(err as usize).ok_or(Unreadable::Cut)?;
    let rest = match rest.split_first() {
        Some((b'\n', rest)) => rest,
        Some(_) => return Err(Unreadable::Garbled),
        None => return Err(Unreadable::Cut),
    };
    let signed = |number: u32| i32::try_from(number).map_err(|_| Unreadable::Garbled);
    Ok((Frame { index: index as usize, code: signed(code)?, status: signed(status)?, out, err }, rest))
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NONCE: &str = "00112233445566778899aabbccddeeff";

    type Parts = (i32, i32, Vec<u8>, Vec<u8>);

    fn written(noise: &[u8], parts: &[Parts]) -> Vec<u8> {
        let mut text = [noise, NONCE.as_bytes(), b" begin\n"].concat();
        for (index, (code, status, out, err)) in parts.iter().enumerate() {
            text.extend(format!("{NONCE} {index} {code} {status} {} {}\n", out.len(), err.len()).bytes());
            text.extend(out);
            text.extend(err);
            text.push(b'\n');
        }
        text.extend(format!("{NONCE} end\n").bytes());
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
        fn any_bytes_at_all_are_read_without_a_panic(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let text = [format!("{NONCE} begin\n{NONCE} ").as_bytes(), &bytes].concat();

            prop_assert!(frames(NONCE, 0, &text).is_err());
        }
    }

    #[test]
    fn a_frame_out_of_turn_is_refused() {
        let text = written(b"", &[(0, 0, vec![], vec![])]);

        assert_eq!(frames(NONCE, 1, &text), Err(Unreadable::Garbled));
    }
}
