//! What a person remembers across a crash of their device: what they were doing, and what they were
//! told. The driver writes it line by line; the sweep reads it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use shared::{Digest, DraftId};

/// The journal of a day.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    /// Steps that were begun.
    pub begun: BTreeSet<usize>,
    /// Steps the device said are saved.
    pub told: BTreeSet<usize>,
    /// The drafts of steps, as soon as they were opened.
    pub drafts: BTreeMap<usize, DraftId>,
    /// Photos the device said are stored.
    pub photos: BTreeSet<Digest>,
    /// The device is enrolled.
    pub enrolled: bool,
}

impl Journal {
    /// Reads it; empty if there is none.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let mut journal = Self {
            path: path.to_owned(),
            begun: BTreeSet::new(),
            told: BTreeSet::new(),
            drafts: BTreeMap::new(),
            photos: BTreeSet::new(),
            enrolled: false,
        };
        let text = if path.exists() {
            fs::read_to_string(path)?
        } else {
            String::new()
        };
        for line in text.lines() {
            journal.take(line).context("a line of the journal")?;
        }
        Ok(journal)
    }

    /// A step begins.
    pub(super) fn begins(&mut self, step: usize) -> Result<()> {
        self.write(&format!("begun {step}"))
    }

    /// The device said that a step is saved.
    pub(super) fn is_told(&mut self, step: usize) -> Result<()> {
        self.write(&format!("told {step}"))
    }

    /// The draft of a step is open.
    pub(super) fn has_draft(&mut self, step: usize, draft: DraftId) -> Result<()> {
        self.write(&format!("draft {step} {draft}"))
    }

    /// The device said that a photo is stored.
    pub(super) fn has_photo(&mut self, digest: Digest) -> Result<()> {
        self.write(&format!("photo {digest}"))
    }

    /// The device said that it is enrolled.
    pub(super) fn is_enrolled(&mut self) -> Result<()> {
        self.write("enrolled")
    }

    fn write(&mut self, line: &str) -> Result<()> {
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.path)?;
        file.write_all(format!("{line}\n").as_bytes())?;
        self.take(line).context("a line of the journal")
    }

    fn take(&mut self, line: &str) -> Option<()> {
        let mut words = line.split(' ');
        match words.next()? {
            "begun" => {
                self.begun.insert(words.next()?.parse().ok()?);
            }
            "told" => {
                self.told.insert(words.next()?.parse().ok()?);
            }
            "draft" => {
                let step = words.next()?.parse().ok()?;
                self.drafts.insert(step, words.next()?.parse().ok()?);
            }
            "photo" => {
                self.photos.insert(words.next()?.parse().ok()?);
            }
            "enrolled" => self.enrolled = true,
            _ => return None,
        }
        Some(())
    }
}
