//! The system packages, why they are needed, and how to notice them on any Linux.

use std::fs;

use anyhow::{Result, bail};

use crate::step::{self, program};

/// What a command needs is asked for by group, so that nothing else is installed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Group {
    /// To compile app, hub and page.
    Build,
    /// To check the code: formatter and lints.
    Check,
    /// To show the app without a screen, and to drive it.
    Window,
    /// To compare our pictures with those of others.
    Bench,
}

impl Group {
    /// A group by its name on the command line.
    pub(super) fn parse(name: &str) -> Result<Self> {
        Ok(match name {
            "build" => Self::Build,
            "check" => Self::Check,
            "window" => Self::Window,
            "bench" => Self::Bench,
            _ => bail!("there is no group `{name}`; these are: build, check, window, bench"),
        })
    }
}

/// One package.
#[derive(Clone, Copy)]
pub(super) struct Need {
    group: Group,
    pub(super) debian: &'static str,
    /// As dnf takes it; it also finds packages by a library or a program in them.
    pub(super) dnf: &'static str,
    why: &'static str,
    sign: Sign,
}

/// How to notice that it is there, whoever installed it.
#[derive(Clone, Copy)]
enum Sign {
    Programs(&'static [&'static str]),
    /// As pkg-config knows it.
    Library(&'static str),
    /// A compiler with all that OpenSSL's own build asks for: Debian's smallest perl is too small.
    Compiler,
    ChineseFont,
    /// A module of the system's Python, or of the one that is found first.
    Python(&'static str),
    /// Its programs are in `PATH` in some systems; Debian has a folder for each version.
    PostgresServer,
    /// Nothing that looks the same everywhere; asked for only where dpkg can tell.
    OfDebian,
}

const NEEDS: [Need; 20] = [
    Need {
        group: Group::Build,
        debian: "build-essential",
        dnf: "gcc gcc-c++ make perl",
        why: "compiles SQLCipher, OpenSSL and zstd, and links everything",
        sign: Sign::Compiler,
    },
    Need {
        group: Group::Build,
        debian: "pkg-config",
        dnf: "/usr/bin/pkg-config",
        why: "finds the libraries; without it all of them seem to be missing",
        sign: Sign::Programs(&["pkg-config"]),
    },
    Need {
        group: Group::Build,
        debian: "libssl-dev",
        dnf: "'pkgconfig(openssl)'",
        why: "proofs by fault use the system's OpenSSL; the app brings its own",
        sign: Sign::Library("openssl"),
    },
    Need {
        group: Group::Build,
        debian: "libwebkit2gtk-4.1-dev",
        dnf: "'pkgconfig(webkit2gtk-4.1)'",
        why: "the window and the page in it",
        sign: Sign::Library("webkit2gtk-4.1"),
    },
    Need {
        group: Group::Build,
        debian: "libdbus-1-dev",
        dnf: "'pkgconfig(dbus-1)'",
        why: "the way to the desktop's keystore",
        sign: Sign::Library("dbus-1"),
    },
    Need {
        group: Group::Check,
        debian: "python3-zstandard",
        dnf: "python3-zstandard",
        why: "a second client, in another language, is tried against the hub",
        sign: Sign::Python("zstandard"),
    },
    Need {
        group: Group::Check,
        debian: "postgresql",
        dnf: "postgresql-server",
        why: "the hub's tests start a server of their own with its programs",
        sign: Sign::PostgresServer,
    },
    Need {
        group: Group::Check,
        debian: "default-jdk-headless",
        dnf: "java-devel",
        why: "runs JavaRosa, which the engine of forms is held against",
        sign: Sign::Programs(&["java", "javac"]),
    },
    Need {
        group: Group::Check,
        debian: "python3-venv",
        dnf: "python3",
        why: "a place for pyxform, which brings JavaRosa",
        sign: Sign::Python("ensurepip"),
    },
    Need {
        group: Group::Check,
        debian: "npm",
        dnf: "/usr/bin/npm /usr/bin/node",
        why: "brings the other engine that forms are held against",
        sign: Sign::Programs(&["npm", "node"]),
    },
    Need {
        group: Group::Window,
        debian: "librsvg2-common",
        dnf: "librsvg2",
        why: "GTK's icons, in the dialog that chooses files; every desktop has it",
        sign: Sign::OfDebian,
    },
    Need {
        group: Group::Window,
        debian: "webkit2gtk-driver",
        dnf: "/usr/bin/WebKitWebDriver",
        why: "drives the app in tests and in the tour",
        sign: Sign::Programs(&["WebKitWebDriver"]),
    },
    Need {
        group: Group::Window,
        debian: "xvfb",
        dnf: "/usr/bin/Xvfb",
        why: "a screen where there is none",
        sign: Sign::Programs(&["Xvfb"]),
    },
    Need {
        group: Group::Window,
        debian: "dbus-x11",
        dnf: "/usr/bin/dbus-launch /usr/bin/dbus-send",
        why: "a session bus where no desktop runs",
        sign: Sign::Programs(&["dbus-launch", "dbus-daemon", "dbus-send"]),
    },
    Need {
        group: Group::Window,
        debian: "gnome-keyring",
        dnf: "gnome-keyring",
        why: "a keystore for the test of keys",
        sign: Sign::Programs(&["gnome-keyring-daemon"]),
    },
    Need {
        group: Group::Window,
        debian: "fonts-noto-cjk",
        dnf: "google-noto-sans-cjk-fonts",
        why: "a font with Chinese characters, for the pictures",
        sign: Sign::ChineseFont,
    },
    Need {
        group: Group::Window,
        debian: "imagemagick",
        dnf: "ImageMagick",
        why: "takes pictures of the screen, makes photos for the tests",
        sign: Sign::Programs(&["import", "convert"]),
    },
    Need {
        group: Group::Window,
        debian: "procps",
        dnf: "procps-ng",
        why: "the tests stop and kill the hub and the app",
        sign: Sign::Programs(&["kill"]),
    },
    Need {
        group: Group::Bench,
        debian: "libvips-tools",
        dnf: "vips-tools",
        why: "`bench photo` measures beside it",
        sign: Sign::Programs(&["vipsthumbnail"]),
    },
    Need {
        group: Group::Bench,
        debian: "npm",
        dnf: "/usr/bin/npm /usr/bin/node",
        why: "brings `sharp`, which `bench photo` measures beside, and `wasm-opt`",
        sign: Sign::Programs(&["npm", "node"]),
    },
];

/// The programs that make and run a database server.
const POSTGRES: [&str; 2] = ["initdb", "pg_ctl"];

/// What these groups need.
pub(super) fn of(groups: &[Group]) -> Vec<Need> {
    NEEDS
        .into_iter()
        .filter(|need| groups.contains(&need.group))
        .collect()
}

impl Need {
    /// Whether a program came some other way than by its package, as npm often does.
    pub(super) fn is_met_otherwise(&self) -> bool {
        matches!(
            self.sign,
            Sign::Programs(_) | Sign::Python(_) | Sign::PostgresServer
        ) && self.is_met()
    }

    /// Whether its sign can be seen.
    pub(super) fn is_met(&self) -> bool {
        match self.sign {
            Sign::Programs(names) => are_there(names),
            Sign::Library(name) => {
                step::answer(program("pkg-config").args(["--exists", name])).is_some()
            }
            Sign::Compiler => {
                let modules = ["-MFindBin", "-MIPC::Cmd", "-e", "1"];
                are_there(&["cc", "c++", "make"])
                    && step::answer(program("perl").args(modules)).is_some()
            }
            Sign::ChineseFont => step::answer(program("fc-list").arg(":lang=zh"))
                .is_some_and(|fonts| !fonts.trim().is_empty()),
            Sign::Python(module) => {
                let has = |python| {
                    let import = format!("import {module}");
                    step::answer(program(python).args(["-c", &import])).is_some()
                };
                // A Python of one's own in the path need not have what the system's has.
                has("/usr/bin/python3") || has("python3")
            }
            Sign::PostgresServer => are_there(&POSTGRES) || is_postgres_of_debian(),
            Sign::OfDebian => true,
        }
    }

    /// What is looked for.
    fn sign(&self) -> String {
        match self.sign {
            Sign::Programs(names) => names.join(", "),
            Sign::Library(name) => format!("library {name}"),
            Sign::Compiler => "cc, c++, make, perl".to_owned(),
            Sign::ChineseFont => "font for Chinese".to_owned(),
            Sign::Python(module) => format!("python3 with {module}"),
            Sign::PostgresServer => POSTGRES.join(", "),
            Sign::OfDebian => String::new(),
        }
    }
}

fn is_postgres_of_debian() -> bool {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut bins = versions.flatten().map(|version| version.path().join("bin"));
    bins.any(|bin| POSTGRES.iter().all(|name| bin.join(name).is_file()))
}

fn are_there(names: &[&str]) -> bool {
    names.iter().all(|name| step::find(name).is_some())
}

/// For a system whose package manager we don't speak: what is looked for, why, and what others
/// call it.
pub(super) fn by_hand(missing: &[Need]) -> String {
    let width = |column: fn(&Need) -> usize| missing.iter().map(column).max().unwrap_or_default();
    let (sign, why) = (
        width(|need| need.sign().len()),
        width(|need| need.why.len()),
    );
    let lines = missing.iter().map(|need| {
        format!(
            "  {:sign$}  {:why$}  Debian: {}",
            need.sign(),
            need.why,
            need.debian
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Group, NEEDS, by_hand, of};

    #[test]
    fn a_command_is_asked_only_for_what_its_groups_need() {
        let names: Vec<_> = of(&[Group::Window])
            .iter()
            .map(|need| need.debian)
            .collect();

        assert!(names.contains(&"xvfb"), "{names:?}");
        assert!(
            !names.contains(&"libvips-tools"),
            "only `bench` compares with others"
        );
    }

    #[test]
    fn whoever_installs_by_hand_reads_what_and_why_of_each() {
        let list = by_hand(&NEEDS);

        assert_eq!(list.lines().count(), NEEDS.len());
        for (line, need) in list.lines().zip(NEEDS) {
            for word in [&need.sign(), need.debian, need.why] {
                assert!(line.contains(word), "{word:?} in {line:?}");
            }
        }
    }
}
