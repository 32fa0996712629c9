//! The page that is printed: one file that needs no other, with a plate for each door. Of a door it
//! says where it is and nothing of who lives there.

use shared::plate::Plate;

use super::code;
use crate::error::{Error, Result};

/// A4, two columns of five.
const STYLE: &str = include_str!("sheet.css");

/// Nothing but its own style may be at work in the page, whatever somebody called a building.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// A building's plates.
#[derive(Debug)]
pub(super) struct Sheet {
    /// The building as people say it.
    pub(super) building: String,
    /// Its street and number; may be empty.
    pub(super) address: String,
    /// What each plate says to those who pass by; may be empty.
    pub(super) notice: String,
    /// Its doors, in order.
    pub(super) doors: Vec<Door>,
}

/// A door.
#[derive(Debug)]
pub(super) struct Door {
    /// As people say it: `3-2-501`.
    pub(super) name: String,
    /// What its code says.
    pub(super) plate: Plate,
}

impl Sheet {
    /// The page.
    pub(super) fn page(&self) -> Result<String> {
        let title = escaped(&self.building);
        let head = format!(
            "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<ul>\n"
        );
        let plates = self.doors.iter().map(|door| self.plate(door));
        let plates = plates.collect::<Result<Vec<String>>>()?;
        Ok([
            head,
            plates.concat(),
            "</ul>\n</body>\n</html>\n".to_owned(),
        ]
        .concat())
    }

    fn plate(&self, door: &Door) -> Result<String> {
        let said = door.plate.to_string();
        // What is printed is bounded far below what a code holds.
        let code = code::drawn(&said).ok_or(Error::Malformed("more than a code holds"))?;
        // A city's code is printed to be typed, too; ours means nothing to people.
        let city = match &door.plate {
            Plate::City(code) => code.as_str(),
            Plate::Ours(_) => "",
        };
        let lines = [
            (size(&door.name), door.name.as_str()),
            ("building", &self.building),
            ("address", &self.address),
            ("code", city),
            ("notice", &self.notice),
        ];
        let lines = lines.into_iter().filter(|(_, text)| !text.is_empty());
        let lines =
            lines.map(|(class, text)| format!("<p class=\"{class}\">{}</p>", escaped(text)));
        let lines: String = lines.collect();
        Ok(format!("<li>{code}<div>{lines}</div></li>\n"))
    }
}

/// How large a door's name can be: it stands in one line as long as it can.
fn size(name: &str) -> &'static str {
    match name.chars().count() {
        0..=8 => "door",
        9..=12 => "door long",
        _ => "door longer",
    }
}

/// A text as the page has it: never as a part of the page.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
