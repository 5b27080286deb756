use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use tonic::transport::{Channel, Endpoint};

/// The program as an operator runs it: `exonym serve` on a free port, with a log.
pub struct Process {
    child: Child,
    address: String,
    log: Arc<Mutex<Vec<String>>>,
}

impl Process {
    /// Starts it, and waits until it listens.
    pub fn serve(arguments: &[&str]) -> Process {
        let mut child = Command::new(env!("CARGO_BIN_EXE_exonym"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .env_clear()
            .env("EXONYM_HTTP_LISTEN", "")
            .env("EXONYM_SERVER_DRAIN_DELAY_SECONDS", "0")
            .env("SAMPLE_KEY", "s3cret")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let log = Arc::new(Mutex::new(Vec::new()));
        let address = loop {
            let Some(Ok(line)) = lines.next() else {
                panic!("the server ended:\n{}", log.lock().unwrap().join("\n"));
            };
            log.lock().unwrap().push(line.clone());
            if let Some(at) = line.find("127.0.0.1:").filter(|_| line.contains("grpc listens")) {
                let rest = &line[at..];
                let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ':'))).unwrap_or(rest.len());
                break rest[..end].to_owned();
            }
        };
        let into = Arc::clone(&log);
        thread::spawn(move || lines.map_while(Result::ok).for_each(|line| into.lock().unwrap().push(line)));
        Process { child, address, log }
    }

    pub fn endpoint(&self) -> Endpoint {
        Endpoint::from_shared(self.url()).unwrap()
    }

    pub async fn channel(&self) -> Channel {
        self.endpoint().connect().await.unwrap()
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn log(&self) -> String {
        self.log.lock().unwrap().join("\n")
    }

    /// Asks it to end, and waits until it has; true if it says that all is well.
    pub fn end(mut self) -> bool {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap().success()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command of the program; gives whether it went well, and what it wrote.
pub fn run(arguments: &[&str], folder: &Path) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_exonym"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("SAMPLE_KEY", "s3cret")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout) + &text(&output.stderr))
}
