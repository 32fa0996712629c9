//! What a target is.

use std::{fs, path::PathBuf};

use crate::{measure::Bound, targets};

/// Code that is watched takes so many times as long, on a machine that has more to do.
const SLOWER: u128 = if cfg!(feature = "guided") { 6 } else { 1 };

/// One decoder, or several that read the same bytes.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// What it is called on the command line.
    pub name: &'static str,
    /// How many damaged inputs the short run gives it.
    pub runs: u64,
    /// What one input may cost.
    pub(crate) bound: Bound,
    /// Makes it ready.
    pub(crate) stand: fn() -> Stand,
}

/// What takes inputs.
pub(crate) type Decode = Box<dyn FnMut(&[u8])>;

/// A target that is ready for inputs.
pub(crate) struct Stand {
    /// Where damage begins.
    pub(crate) examples: Vec<Vec<u8>>,
    /// Takes an input; panics if something is wrong with what comes of it.
    pub(crate) decode: Decode,
}

impl Stand {
    /// A target of these examples.
    pub(crate) fn new(examples: Vec<Vec<u8>>, decode: impl FnMut(&[u8]) + 'static) -> Self {
        Self {
            examples,
            decode: Box::new(decode),
        }
    }
}

/// A target that is ready, to be given one input after the other.
pub struct Ready {
    bound: Bound,
    stand: Stand,
}

impl std::fmt::Debug for Ready {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ready").finish_non_exhaustive()
    }
}

impl Target {
    /// Makes it ready.
    #[must_use]
    pub fn ready(&self) -> Ready {
        Ready {
            bound: self.bound,
            stand: (self.stand)(),
        }
    }
}

impl Ready {
    /// The inputs to begin with.
    #[must_use]
    pub fn examples(&self) -> &[Vec<u8>] {
        &self.stand.examples
    }

    /// Takes an input. Panics if that shows a mistake, or costs more than it may.
    pub fn take(&mut self, input: &[u8]) -> Bound {
        let decode = &mut self.stand.decode;
        let cost = crate::measure::measured(|| decode(input));
        let bound = self.bound;
        assert!(
            cost.ms <= bound.ms * SLOWER && cost.bytes <= bound.bytes,
            "costs {cost:?}, more than {bound:?}"
        );
        cost
    }

    /// What one input may cost.
    #[must_use]
    pub fn bound(&self) -> Bound {
        self.bound
    }
}

/// Every target.
#[must_use]
pub fn all() -> Vec<Target> {
    targets::all()
}

/// Inputs that failed once, with the names of their files.
#[must_use]
pub fn found(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("found")
        .join(target);
    let Ok(files) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found: Vec<_> = files
        .map(|file| file.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read(&path).unwrap())
        })
        .collect();
    found.sort();
    found
}
