//! The body of an answer: a text, or news that never come.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use hyper::body::{Body, Bytes, Frame};

/// What follows the head of an answer.
pub(super) enum Said {
    Text(Option<Bytes>),
    /// A watch in which nothing happens: it ends with its connection.
    Nothing,
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        Self::Text(Some(text.into()))
    }
}

impl Body for Said {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match &mut *self {
            Self::Text(text) => Poll::Ready(text.take().map(|text| Ok(Frame::data(text)))),
            Self::Nothing => Poll::Pending,
        }
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        match self {
            Self::Text(text) => {
                hyper::body::SizeHint::with_exact(text.as_ref().map_or(0, |text| text.len() as u64))
            }
            Self::Nothing => hyper::body::SizeHint::default(),
        }
    }
}
