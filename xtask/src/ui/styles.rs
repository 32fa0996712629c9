//! One style sheet out of many: the app's window asks for each file over IPC, and nothing is
//! painted before the last has come.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

/// `main.css` in this folder, with what it imports in the place of the imports.
pub(super) fn joined(folder: &Path) -> Result<String> {
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    join(&read("main.css")?, read)
}

fn join(main: &str, read: impl Fn(&str) -> Result<String>) -> Result<String> {
    let mut whole = String::new();
    for line in main.lines() {
        if let Some((file, layer)) = import(line) {
            let part = read(file)?;
            ensure!(
                !part.contains("@import"),
                "{file}: only main.css may import, because all is joined into it"
            );
            whole.extend(["@layer ", layer, " {\n", &part, "}\n"]);
        } else {
            ensure!(
                !line.trim_start().starts_with("@import"),
                "main.css: an import reads `@import \"file\" layer(name);`, not `{line}`"
            );
            whole += line;
            whole.push('\n');
        }
    }
    Ok(whole)
}

/// File and layer of `@import "file" layer(name);`.
fn import(line: &str) -> Option<(&str, &str)> {
    line.trim()
        .strip_prefix("@import \"")?
        .strip_suffix(");")?
        .split_once("\" layer(")
}

#[cfg(test)]
mod tests {
    use anyhow::{Result, bail};

    use super::join;

    fn read(name: &str) -> Result<String> {
        match name {
            "button.css" => Ok("button { color: red; }\n".to_owned()),
            "nested.css" => Ok("@import \"button.css\";\n".to_owned()),
            _ => bail!("no {name}"),
        }
    }

    #[test]
    fn an_import_becomes_its_text_in_its_layer() {
        let main = "@layer base, parts;\n@import \"button.css\" layer(parts);\n";

        assert_eq!(
            join(main, read).unwrap(),
            "@layer base, parts;\n@layer parts {\nbutton { color: red; }\n}\n"
        );
    }

    #[test]
    fn an_import_that_cannot_be_joined_ends_the_build() {
        for main in [
            "@import \"button.css\";\n",
            "@import \"nested.css\" layer(parts);\n",
            "@import \"missing.css\" layer(parts);\n",
        ] {
            assert!(join(main, read).is_err(), "{main}");
        }
    }
}
