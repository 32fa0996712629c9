//! A crate's Cargo.toml, read line by line: ours are plain enough, and a finding wants its line.

/// One `key = value`, with the table it stands in.
pub(super) struct Entry<'text> {
    pub(super) line: usize,
    pub(super) table: &'text str,
    pub(super) key: &'text str,
    pub(super) value: &'text str,
}

/// All entries of a manifest, in order. Lines within a list or a multi-line table are part of the
/// entry before them and are not entries.
pub(super) fn entries(text: &str) -> Vec<Entry<'_>> {
    let mut table = "";
    let mut open_brackets = 0_usize;
    let mut entries = Vec::new();
    for (line, full) in (1..).zip(text.lines()) {
        let plain = full.split_once('#').map_or(full, |(plain, _)| plain).trim();
        let is_within = open_brackets > 0;
        open_brackets += plain.matches(['[', '{']).count();
        open_brackets = open_brackets.saturating_sub(plain.matches([']', '}']).count());
        if is_within {
            continue;
        }
        if let Some(name) = plain.strip_prefix('[') {
            table = name.trim_matches(['[', ']']).trim();
        } else if let Some((key, value)) = plain.split_once('=') {
            entries.push(Entry {
                line,
                table,
                key: key.trim(),
                value: value.trim(),
            });
        }
    }
    entries
}

impl<'text> Entry<'text> {
    /// The crate this entry makes a dependency, however it is written: a line in
    /// `[dependencies]`, for tests, for the build, for one system, or a table of its own.
    pub(super) fn dependency(&self) -> Option<&'text str> {
        let kind = |table: &str| {
            ["dependencies", "dev-dependencies", "build-dependencies"].contains(&table)
        };
        if kind(self.table.rsplit('.').next()?) {
            return self.key.split('.').next();
        }
        let (tables, name) = self.table.rsplit_once('.')?;
        kind(tables.rsplit('.').next()?).then_some(name)
    }

    /// Whether the value comes from the workspace.
    pub(super) fn is_of_workspace(&self) -> bool {
        let told = |key: &str| key == "workspace" || key.ends_with(".workspace");
        (told(self.key) && self.value == "true")
            || self.value.replace(' ', "").contains("workspace=true")
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, entries};

    #[test]
    fn dependencies_are_found_however_they_are_written() {
        let text = "[dependencies]\na.workspace = true\nb = { workspace = true, features = [\n  \"x\",\n] }\n\
            [target.'cfg(unix)'.dev-dependencies]\nc = \"1\"\n[dependencies.d]\nversion = \"2\"\n[features]\ne = []";

        let entries = entries(text);

        let names: Vec<_> = entries.iter().filter_map(Entry::dependency).collect();
        assert_eq!(names, ["a", "b", "c", "d"]);
        let own: Vec<_> = entries
            .iter()
            .filter(|entry| !entry.is_of_workspace())
            .map(|entry| entry.line)
            .collect();
        assert_eq!(
            own,
            [7, 9, 11],
            "c, d and the feature say nothing of the workspace"
        );
    }
}
