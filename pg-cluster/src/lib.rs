//! A PostgreSQL server of one's own, for tests and benches: in a temporary folder, on a free port,
//! and gone when the process that started it is gone, however that ends. Knows nothing of what is
//! kept in its databases.
#![forbid(unsafe_code)]

mod programs;

use std::{
    fs,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

/// The script that keeps the cluster.
const KEEP: &str = include_str!("keep.sh");

/// The server's settings, in its data folder.
const SETTINGS: &str = "postgresql.conf";

/// Another program may take the free port in between.
const ATTEMPTS: u32 = 3;

/// Over TCP the server asks for this; over its socket for nothing.
pub const PASSWORD: &str = "pass-4-tests";

/// Why there is no cluster.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The programs are missing.
    #[error(
        "PostgreSQL's server programs (initdb, pg_ctl) are not installed; run `cargo xtask setup check`, or on Debian `apt-get install -y postgresql`"
    )]
    NotInstalled,
    /// Some program could not be run.
    #[error("a cluster can't be kept")]
    Io(#[from] io::Error),
    /// The server did not start.
    #[error("PostgreSQL did not start: {0}")]
    NotStarted(String),
    /// The database could not be made.
    #[error("no database could be made: {0}")]
    NoDatabase(String),
}

/// Whether a commit waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// As in production; for figures.
    Full,
    /// Not at all: what is tested would not survive a power cut.
    None,
}

/// A running server.
#[derive(Debug)]
pub struct Cluster {
    /// Holds the other end of the pipe; its end is the cluster's end.
    keeper: Child,
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    databases: AtomicU32,
}

impl Cluster {
    /// Makes a cluster and waits until it answers. Blocks for about two seconds.
    pub fn start(durability: Durability) -> Result<Self, Error> {
        let programs = programs::find().ok_or(Error::NotInstalled)?;
        let mut attempt = 1;
        loop {
            match Self::start_on(&programs, free_port()?, durability) {
                Err(Error::NotStarted(_)) if attempt < ATTEMPTS => attempt += 1,
                done => return done,
            }
        }
    }

    fn start_on(programs: &Path, port: u16, durability: Durability) -> Result<Self, Error> {
        let settings = match durability {
            Durability::Full => "max_connections = 200",
            Durability::None => "max_connections = 200\nfsync = off\nfull_page_writes = off",
        };
        let mut keeper = programs::as_no_root(Path::new("sh"))?
            .args(["-c", KEEP])
            .env("BIN", programs)
            .env("PORT", port.to_string())
            .env("PASSWORD", PASSWORD)
            .env("SETTINGS", settings)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut folder = String::new();
        if let Some(out) = keeper.stdout.take() {
            BufReader::new(out).read_line(&mut folder)?;
        }
        let folder = folder.trim();
        if folder.is_empty() {
            let mut why = String::new();
            if let Some(mut err) = keeper.stderr.take() {
                err.read_to_string(&mut why)?;
            }
            keeper.wait()?;
            return Err(Error::NotStarted(why));
        }
        Ok(Self {
            keeper,
            programs: programs.to_owned(),
            folder: PathBuf::from(folder),
            port,
            databases: AtomicU32::new(0),
        })
    }

    /// A new, empty database; its name.
    pub fn database(&self) -> Result<String, Error> {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("city{number}");
        let made = Command::new(self.programs.join("createdb"))
            .args(["-U", "gridwalker", "-p", &self.port.to_string(), "-h"])
            .arg(&self.folder)
            .arg(&name)
            .output()?;
        if made.status.success() {
            return Ok(name);
        }
        let why = String::from_utf8_lossy(&made.stderr).into_owned();
        Err(Error::NoDatabase(why))
    }

    /// A database with all that another one holds now, by `pg_dump` as an operator would; its name.
    pub fn copy_of(&self, database: &str) -> Result<String, Error> {
        let copy = self.database()?;
        let port = self.port.to_string();
        let program = |name: &str| {
            let mut program = Command::new(self.programs.join(name));
            program.args(["-U", "gridwalker", "-p", &port, "-h"]);
            program.arg(&self.folder);
            program
        };
        let mut dump = program("pg_dump")
            .arg(database)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut restore = program("psql");
        restore.args(["-q", "-v", "ON_ERROR_STOP=1", "-d", &copy]);
        if let Some(dumped) = dump.stdout.take() {
            restore.stdin(dumped);
        }
        let restored = restore.output()?;
        if dump.wait()?.success() && restored.status.success() {
            return Ok(copy);
        }
        let why = String::from_utf8_lossy(&restored.stderr).into_owned();
        Err(Error::NoDatabase(why))
    }

    /// Stops the server at once, as a crash would; nobody is let in.
    pub fn pause(&self) -> Result<(), Error> {
        self.control(&["-m", "immediate", "stop"])
    }

    /// Starts it again.
    pub fn go_on(&self) -> Result<(), Error> {
        let log = self.folder.join("log").display().to_string();
        self.control(&["-l", &log, "start"])
    }

    /// From now on the server speaks TLS, too, with this certificate and key (PEM).
    pub fn offer_tls(&self, certificate: &str, key: &str) -> Result<(), Error> {
        let data = self.folder.join("data");
        for (name, text) in [("server.crt", certificate), ("server.key", key)] {
            self.keep_file(&data.join(name), text)?;
        }
        let settings = format!("{}\nssl = on\n", fs::read_to_string(data.join(SETTINGS))?);
        self.keep_file(&data.join(SETTINGS), &settings)?;
        self.control(&["reload"])
    }

    /// A file of the server's own user, for nobody else.
    fn keep_file(&self, path: &Path, text: &str) -> Result<(), Error> {
        let mut writer = programs::as_no_root(Path::new("sh"))?
            .args(["-c", "umask 077 && cat >\"$FILE\""])
            .env("FILE", path)
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .spawn()?;
        if let Some(mut file) = writer.stdin.take() {
            file.write_all(text.as_bytes())?;
        }
        if writer.wait()?.success() {
            return Ok(());
        }
        let path = path.display();
        Err(Error::NotStarted(format!("{path} can't be written")))
    }

    fn control(&self, words: &[&str]) -> Result<(), Error> {
        let done = programs::as_no_root(&self.programs.join("pg_ctl"))?
            .arg("-D")
            .arg(self.folder.join("data"))
            .args(["-w", "-t", "60"])
            .args(words)
            .current_dir("/")
            .output()?;
        if done.status.success() {
            return Ok(());
        }
        let why = String::from_utf8_lossy(&done.stderr).into_owned();
        Err(Error::NotStarted(why))
    }

    /// The address of a database over the server's socket, where no password is asked.
    pub fn url(&self, database: &str) -> String {
        let folder = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://gridwalker@{folder}:{}/{database}", self.port)
    }

    /// The address of a database over TCP.
    pub fn tcp_url(&self, database: &str, password: &str) -> String {
        let port = self.port;
        format!("postgres://gridwalker:{password}@127.0.0.1:{port}/{database}")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // Fails only when it is gone already.
        drop(self.keeper.wait());
    }
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
