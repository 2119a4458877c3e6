//! Edits of a text that leave every other byte alone, and that can be told, stored, made and taken back.

use std::fmt;

use serde::{Deserialize, Serialize};

pub mod openssl;
pub mod word;
pub mod yaml;

/// One edit: it holds what it changes and no other byte of the text, so a journal can store it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "edit", rename_all = "kebab-case")]
pub enum Edit {
    /// Another value for one scalar of a YAML document.
    Scalar(yaml::ScalarEdit),
    /// Further `alt_names` entries of an OpenSSL configuration.
    AddNames(openssl::Names),
    /// The inverse of `AddNames`.
    RemoveNames(openssl::Names),
    /// Lines of an OpenSSL configuration, taken out.
    Cut(openssl::Cut),
    /// The inverse of `Cut`.
    Paste(openssl::Cut),
    /// Further entries of a list in a YAML document.
    AddToList(yaml::ListEdit),
    /// The inverse of `AddToList`.
    RemoveFromList(yaml::ListEdit),
    /// A further key at the top of a YAML document.
    AddKey(yaml::KeyEdit),
    /// The inverse of `AddKey`.
    RemoveKey(yaml::KeyEdit),
    /// Another value for a variable or a flag.
    Word(word::WordEdit),
}

/// How a text stands to an edit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    Made,
    NotMade,
    /// The text holds neither what the edit starts from nor what it leads to.
    Neither,
}

/// Why an edit cannot be made.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
pub enum EditError {
    #[error("line {line}, column {column}: {message}")]
    Syntax { line: usize, column: usize, message: String },
    #[error("there is no {0}")]
    NotFound(String),
    /// The text is of a shape that cannot be edited without touching more than was asked.
    #[error("{0}")]
    Unsupported(String),
    #[error("it holds neither the old value nor the new one")]
    Neither,
}

impl Edit {
    pub fn state(&self, text: &str) -> Result<State, EditError> {
        match self {
            Self::Scalar(edit) => edit.state(text),
            Self::AddNames(names) => names.state(text),
            Self::RemoveNames(names) => names.state_of_removal(text),
            Self::Cut(cut) => cut.state(text),
            Self::Paste(cut) => cut.state_of_return(text),
            Self::AddToList(list) => list.state(text),
            Self::RemoveFromList(list) => list.state_of_removal(text),
            Self::AddKey(key) => key.state(text),
            Self::RemoveKey(key) => key.state_of_removal(text),
            Self::Word(edit) => edit.state(text),
        }
    }

    /// The text after the edit; the same text where it is made already.
    pub fn make(&self, text: &str) -> Result<String, EditError> {
        // Finds its state by itself: a large text is read once for both.
        if let Self::Scalar(edit) = self {
            return edit.make(text);
        }
        match self.state(text)? {
            State::Made => Ok(text.to_owned()),
            State::Neither => Err(EditError::Neither),
            State::NotMade => match self {
                Self::Scalar(edit) => edit.make(text),
                Self::AddNames(names) => names.add(text),
                Self::RemoveNames(names) => names.remove(text),
                Self::Cut(cut) => cut.take(text),
                Self::Paste(cut) => cut.put_back(text),
                Self::AddToList(list) => list.add(text),
                Self::RemoveFromList(list) => list.remove(text),
                Self::AddKey(key) => key.add(text),
                Self::RemoveKey(key) => key.remove(text),
                Self::Word(edit) => edit.make(text),
            },
        }
    }

    /// The edit that takes this one back and leaves later edits of others alone.
    pub fn inverse(&self) -> Self {
        match self {
            Self::Scalar(edit) => Self::Scalar(edit.inverse()),
            Self::AddNames(names) => Self::RemoveNames(names.clone()),
            Self::RemoveNames(names) => Self::AddNames(names.clone()),
            Self::Cut(cut) => Self::Paste(cut.clone()),
            Self::Paste(cut) => Self::Cut(cut.clone()),
            Self::AddToList(list) => Self::RemoveFromList(list.clone()),
            Self::RemoveFromList(list) => Self::AddToList(list.clone()),
            Self::AddKey(key) => Self::RemoveKey(key.clone()),
            Self::RemoveKey(key) => Self::AddKey(key.clone()),
            Self::Word(edit) => Self::Word(edit.inverse()),
        }
    }
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(edit) => edit.fmt(f),
            Self::AddNames(names) => write!(f, "add {names}"),
            Self::RemoveNames(names) => write!(f, "remove {names}"),
            Self::Cut(cut) => write!(f, "remove {cut}"),
            Self::Paste(cut) => write!(f, "add {cut}"),
            Self::AddToList(list) => write!(f, "add {list} to {}", yaml::shown(&list.path)),
            Self::RemoveFromList(list) => write!(f, "remove {list} from {}", yaml::shown(&list.path)),
            Self::AddKey(key) => write!(f, "add {key}"),
            Self::RemoveKey(key) => write!(f, "remove {key}"),
            Self::Word(edit) => edit.fmt(f),
        }
    }
}
