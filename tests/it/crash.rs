//! A process that imports, judges and publishes is killed at random, again and again; what it had answered must be
//! there afterwards exactly once, and everything else wholly or not at all.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use exonym::model::{Judgement, Kind, Opinion, Record, RecordId};
use exonym::registry::{Ask, Guard, Import, Registry, RegistryError};
use exonym::resolver::{self, Engine, EngineError, Thresholds};

/// Tells the child where to work, by what name its requests begin, and which bug it has.
const DIRECTORY: &str = "EXONYM_TEST_CRASH_DIRECTORY";
const LIFE: &str = "EXONYM_TEST_CRASH_LIFE";
const BUG: &str = "EXONYM_TEST_CRASH_BUG";

/// How often a process is killed.
const KILLS: u64 = 200;
/// So many data directories each live through a share of the kills, all at once: a process waits for the disk mostly.
const DIRECTORIES: u64 = 4;
/// Records of the list, of which each import takes some.
const RECORDS: u64 = 24;

/// A stream of numbers that depends on its seed alone.
struct Dice(u64);

impl Dice {
    fn of(text: &str) -> Dice {
        Dice(
            text.bytes()
                .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)),
        )
    }

    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn record_id(number: u64) -> RecordId {
    format!("own:{number}").parse().unwrap()
}

/// Does what a request asks for, which follows from its id alone, and gives the answer in one line; `None` if it was
/// refused.
fn act(engine: &Engine, request: &str) -> Option<String> {
    let mut dice = Dice::of(request);
    let ask = Ask { request_id: Some(request.to_owned()), ..Ask::from(jiff_epoch()) };
    let refused = |error: &RegistryError| error.refusal().is_some();
    match dice.roll(8) {
        0 | 1 => {
            let mask = dice.roll(1 << RECORDS);
            let name = dice.roll(3);
            let records = (0..RECORDS).filter(|number| mask >> number & 1 == 1);
            let records = records
                .map(|number| Record::new(record_id(number), Kind::Person, format!("Anton Belov {name} {number}")));
            let import = Import {
                dataset: "own".parse().unwrap(),
                records: records.collect(),
                quarantined: 0,
                actor: "test".to_owned(),
                request_id: Some(request.to_owned()),
                at: jiff_epoch(),
                guard: Guard::default(),
            };
            match engine.import(import) {
                Ok(published) => Some(format!("{:?}", published.counts)),
                Err(EngineError::Registry(error)) if refused(&error) => None,
                Err(error) => panic!("{request}: {error}"),
            }
        }
        kind => {
            let answer = engine.change(|registry| match kind {
                2 => registry.withdraw(1 + dice.roll(40), "analyst", request, ask),
                _ => {
                    let left = dice.roll(RECORDS);
                    let right = (left + 1 + dice.roll(RECORDS - 1)) % RECORDS;
                    let opinion = if kind == 3 { Opinion::Different } else { Opinion::Same };
                    let judgement = Judgement {
                        left: record_id(left),
                        right: record_id(right),
                        opinion,
                        actor: "analyst".to_owned(),
                        reason: request.to_owned(),
                        evidence: String::new(),
                    };
                    registry.judge(judgement, ask)
                }
            });
            match answer {
                Ok(receipt) => Some(format!("{receipt:?}")),
                Err(error) if refused(&error) => None,
                Err(error) => panic!("{request}: {error}"),
            }
        }
    }
}

fn jiff_epoch() -> jiff::Timestamp {
    jiff::Timestamp::UNIX_EPOCH
}

/// The child: works until it is killed. Nothing by itself.
#[test]
fn child_works_until_it_is_killed() {
    let Some(directory) = std::env::var_os(DIRECTORY) else { return };
    let life = std::env::var(LIFE).unwrap();
    let answers_early = std::env::var(BUG).is_ok_and(|bug| bug == "early");
    let engine = Engine::open(Path::new(&directory), Thresholds::default()).unwrap();
    let mut out = std::io::stdout().lock();
    let mut tell = |line: String| {
        writeln!(out, "{line}").unwrap();
        out.flush().unwrap();
    };
    tell("\nopen".to_owned());
    for number in 0.. {
        let request = format!("{life}-{number}");
        if answers_early {
            // The bug: what is not there yet is answered.
            tell(format!("done\t{request}\t\t."));
            act(&engine, &request);
        } else if let Some(answer) = act(&engine, &request) {
            tell(format!("done\t{request}\t{answer}\t."));
        }
    }
}

/// Starts the child, kills it, and gives what it had answered: requests in order, with the answers.
fn live(directory: &Path, life: &str, bug: &str, dice: &mut Dice) -> Vec<(String, String)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", "crash::child_works_until_it_is_killed"])
        .env(DIRECTORY, directory)
        .env(LIFE, life)
        .env(BUG, bug)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut told = Vec::new();
    // Some are killed while they open what the one before left behind, the others after some answers, however long
    // those take on a busy machine.
    if dice.roll(8) > 0 {
        lines.by_ref().map(Result::unwrap).find(|line| line == "open").expect("the child never opened");
        let wanted = dice.roll(6) as usize;
        while told.len() < wanted {
            let line = lines.next().expect("the child ended by itself").unwrap();
            told.extend(answer(&line));
        }
    }
    std::thread::sleep(Duration::from_micros(dice.roll(30_000)));
    child.kill().unwrap();
    child.wait().unwrap();
    told.extend(lines.map_while(Result::ok).filter_map(|line| answer(&line)));
    told
}

/// A request and its answer, as the child tells them; `None` for any other line, and for one that was cut short.
fn answer(line: &str) -> Option<(String, String)> {
    let mut cells = line.split('\t').skip_while(|cell| *cell != "done").skip(1);
    let told = (cells.next()?.to_owned(), cells.next()?.to_owned());
    (cells.next() == Some(".")).then_some(told)
}

/// What is wrong with what a killed process left; empty if nothing is.
fn inspect(directory: &Path, told: &[(String, String)]) -> Vec<String> {
    let mut wrong = Vec::new();
    let engine = Engine::open(directory, Thresholds::default()).unwrap();
    let revision = engine.registry().revision().unwrap();
    for (request, answer) in told {
        let again = act(&engine, request).unwrap_or_default();
        if again != *answer {
            wrong.push(format!("{request} was answered {answer} and is now {again}"));
        }
    }
    if engine.registry().revision().unwrap() != revision {
        wrong.push("what was answered was done only when it was asked for again".to_owned());
    }
    wrong.extend(engine.registry().verify().unwrap().findings);
    wrong.extend(engine.registry().verify_audit(None).unwrap().findings);
    drop(engine);
    let registry = Registry::open_read_only(directory).unwrap();
    wrong.extend(resolver::verify(directory, &registry).err().map(|error| error.to_string()));
    wrong
}

/// Kills processes that work on one directory, one after another. Counts what was answered: judgements and imports.
fn kill_again_and_again(seed: &str) -> [usize; 2] {
    let directory = tempfile::tempdir().unwrap();
    let mut dice = Dice::of(seed);
    let mut journal: Vec<(String, String)> = Vec::new();
    let mut kinds = [0; 2];
    for kill in 0..KILLS / DIRECTORIES {
        let told = live(directory.path(), &format!("{seed}-life{kill}"), "", &mut dice);
        for (_, answer) in &told {
            kinds[usize::from(answer.starts_with("ImportCounts"))] += 1;
        }
        let wrong = inspect(directory.path(), &told);
        assert!(wrong.is_empty(), "{seed}, kill {kill}:\n{}", wrong.join("\n"));
        journal.extend(told);
    }
    // Everything that was ever answered, at the end once more.
    let wrong = inspect(directory.path(), &journal);
    assert!(wrong.is_empty(), "{seed}: {}", wrong.join("\n"));
    kinds
}

#[test]
fn what_was_answered_outlives_every_kill() {
    let kinds: Vec<[usize; 2]> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..DIRECTORIES)
            .map(|number| scope.spawn(move || kill_again_and_again(&format!("kills{number}"))))
            .collect();
        running.into_iter().map(|running| running.join().expect("see the message above")).collect()
    });
    let [judgements, imports] = [0, 1].map(|kind| kinds.iter().map(|own| own[kind]).sum::<usize>());
    assert!(judgements.min(imports) >= 50, "too little was answered to prove anything: {judgements}, {imports}");
}

#[test]
fn an_answer_before_the_write_is_caught() {
    let directory = tempfile::tempdir().unwrap();
    let mut dice = Dice::of("early");
    let caught = (0..KILLS).any(|kill| {
        let told = live(directory.path(), &format!("life{kill}"), "early", &mut dice);
        // This child tells no answers: what counts is whether the last request is there.
        let engine = Engine::open(directory.path(), Thresholds::default()).unwrap();
        let revision = engine.registry().revision().unwrap();
        told.last().is_some_and(|(request, _)| {
            act(&engine, request);
            engine.registry().revision().unwrap() != revision
        })
    });
    assert!(caught, "a process that answers too early passed {KILLS} kills");
}

#[test]
fn a_second_process_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let engine = Engine::open(directory.path(), Thresholds::default()).unwrap();
    let refused = Engine::open(directory.path(), Thresholds::default()).err().unwrap();
    assert!(refused.to_string().contains("in use by another process"), "{refused}");
    drop(engine);
    Engine::open(directory.path(), Thresholds::default()).unwrap();
}
