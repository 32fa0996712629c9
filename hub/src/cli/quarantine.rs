//! `gridwalker-hub quarantine list|show|retry`: what the hub was sent and could not apply.

use anyhow::bail;
use serde_json::{Value, json};
use shared::{Outcome, apply::Quarantine};

use super::{say, table::say_table, utc};
use crate::{
    Hub,
    store::{Audited, Deed, OpName, QuarantineLine},
};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List the operations in quarantine, oldest first; never what a person wrote.
    List {
        /// One JSON array instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Show one: why it is there, what helps, what was done with it so far.
    Show {
        /// The operation, as `list` names it.
        op: OpName,
        /// Print the operation itself instead, as it came. It is personal data; that it was shown
        /// is put down in the hub's database.
        #[arg(long)]
        content: bool,
    },
    /// Decide it again, as if it came now; after an update of the hub or a new pack.
    Retry {
        /// The operation, as `list` names it.
        #[arg(required_unless_present = "all")]
        op: Option<OpName>,
        /// All that are in quarantine, oldest first.
        #[arg(long, conflicts_with = "op")]
        all: bool,
    },
}

pub(super) async fn run(command: Command, hub: &Hub) -> anyhow::Result<()> {
    match command {
        Command::List { json } => list(hub, json).await,
        Command::Show { op, content: true } => Ok(say(&hub.quarantined_content(op).await?)?),
        Command::Show { op, content: false } => show(hub, op).await,
        Command::Retry { op: Some(op), .. } => retry(hub, op).await,
        Command::Retry { op: None, .. } => retry_all(hub).await,
    }
}

async fn list(hub: &Hub, as_json: bool) -> anyhow::Result<()> {
    let lines = hub.quarantine().await?;
    if as_json {
        let lines: Vec<_> = lines.iter().map(to_json).collect();
        return Ok(say(&Value::Array(lines).to_string())?);
    }
    let rows = lines.into_iter().map(|line| {
        [
            line.name().to_string(),
            line.kind.clone(),
            line.device.to_string(),
            line.staff.as_str().to_owned(),
            outcome_code(&line.outcome),
            utc(line.received_at),
        ]
    });
    say_table(["op", "kind", "device", "staff", "why", "received"], rows)?;
    Ok(())
}

async fn show(hub: &Hub, op: OpName) -> anyhow::Result<()> {
    let (line, audit) = hub.quarantined(op).await?;
    say(&format!("op        {}", line.name()))?;
    say(&format!("kind      {}", line.kind))?;
    say(&format!(
        "device    {}, its no. {}",
        line.device, line.dev_seq
    ))?;
    say(&format!("staff     {}", line.staff.as_str()))?;
    say(&format!("received  {}", utc(line.received_at)))?;
    match line.why() {
        Some(why) => {
            say(&format!("why       {}: {why}", code(why)))?;
            say(&format!("helps     {}", what_helps(why)))?;
        }
        None => say(&format!(
            "state     {}; no longer in quarantine",
            outcome_code(&line.outcome)
        ))?,
    }
    for entry in &audit {
        say(&format!("{}  {}", utc(entry.at), done(entry)))?;
    }
    Ok(())
}

fn done(entry: &Audited) -> String {
    match entry.deed {
        Deed::ContentShown => "its content was shown".to_owned(),
        Deed::Retried => format!("it was retried: {}", outcome_code(&entry.after)),
    }
}

async fn retry(hub: &Hub, op: OpName) -> anyhow::Result<()> {
    let outcome = hub.retry(op).await?;
    if let Outcome::Quarantined { why } = outcome {
        bail!(
            "{op} stays in quarantine: {}: {why}; {}",
            code(why),
            what_helps(why)
        );
    }
    Ok(say(&format!("{op} {}", outcome_code(&outcome)))?)
}

/// The first one that can't even be tried ends it; those before it are done.
async fn retry_all(hub: &Hub) -> anyhow::Result<()> {
    let lines = hub.quarantine().await?;
    let mut stay = 0_usize;
    for line in &lines {
        let outcome = hub.retry(line.name()).await?;
        let stays = matches!(outcome, Outcome::Quarantined { .. });
        stay += usize::from(stays);
        let said = if stays { "stays: " } else { "" };
        say(&format!("{} {said}{}", line.name(), outcome_code(&outcome)))?;
    }
    if stay > 0 {
        bail!(
            "{stay} of {} stay in quarantine; `quarantine show OP` says what helps",
            lines.len()
        );
    }
    Ok(say(&format!(
        "{} retried, quarantine is empty",
        lines.len()
    ))?)
}

fn to_json(line: &QuarantineLine) -> Value {
    json!({
        "op": line.name().to_string(),
        "kind": line.kind,
        "device": line.device,
        "dev_seq": line.dev_seq,
        "staff": line.staff,
        "why": outcome_code(&line.outcome),
        "received_at": line.received_at.as_ms(),
    })
}

/// In the words of the protocol; for what is in quarantine, why.
fn outcome_code(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Quarantined { why } => code(*why),
        Outcome::Applied
        | Outcome::Merged
        | Outcome::ConflictKept { .. }
        | Outcome::Duplicate
        | Outcome::RetryLater => word(outcome, "outcome"),
    }
}

fn code(why: Quarantine) -> String {
    word(&why, "why")
}

/// The tag under which it goes over the wire.
fn word<T: serde::Serialize>(value: &T, tag: &str) -> String {
    let json = serde_json::to_value(value).unwrap_or_default();
    let word = json.get(tag).and_then(Value::as_str).unwrap_or("?");
    word.to_owned()
}

/// What an operator can do before a retry.
fn what_helps(why: Quarantine) -> &'static str {
    match why {
        Quarantine::AlreadyReported => {
            "nothing: another operation opened this document; ask the person to enter it again"
        }
        Quarantine::NotForOperations
        | Quarantine::UnreadableDocument
        | Quarantine::UnreadableOperation => {
            "a newer hub may understand it: update the hub, then retry"
        }
        Quarantine::TooLarge | Quarantine::OutOfBounds => {
            "a hub that takes more: update the hub, then retry"
        }
        Quarantine::NotTheAuthor | Quarantine::NotYourRole => {
            "if the person has that role: load a pack that says so, then retry"
        }
        Quarantine::NotYourScope => {
            "if the grid is the person's: load a pack that says so, then retry"
        }
    }
}
