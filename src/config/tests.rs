use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::batch::live::HeaderValue;
use crate::resolver::Thresholds;
use crate::service::MessageLimits;
use crate::service::listener::Options;

fn load(file: &str, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("exonym.toml");
    fs::write(&path, file).unwrap();
    let owned = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let sources = Sources { file: Some(path), environment: owned(environment), flags: owned(flags) };
    let place = format!("{}/", folder.path().display());
    Config::load(&sources).map_err(|error| error.to_string().replace(&place, ""))
}

#[test]
fn the_defaults_are_those_of_the_code() {
    let config = Config::defaults().unwrap();
    assert_eq!(config.listener().unwrap(), Options::default());
    assert_eq!(config.messages(), MessageLimits::default());
    let thresholds = Thresholds::default();
    assert_eq!((config.thresholds().matching, config.thresholds().review), (thresholds.matching, thresholds.review));
    assert_eq!(config.resolver.limit, crate::resolver::Options::default().limit);
    assert_eq!(config.data(), None);
    assert!(config.resolver.workers() > 0);
}

#[test]
fn every_key_of_the_default_file_is_explained() {
    let mut explained = false;
    for line in DEFAULT.lines() {
        match line.as_bytes().first() {
            Some(b'#') => explained = true,
            Some(b'[') | None => explained = false,
            // Keys explained together follow one another.
            Some(_) => assert!(explained, "{line}"),
        }
    }
}

#[test]
fn the_last_layer_counts() {
    let file = "[server]\nlisten = \"127.0.0.1:1\"\ndata = \"a\"\n[http]\nlisten = \"\"\n";
    let environment = [("EXONYM_SERVER_LISTEN", "127.0.0.1:2"), ("EXONYM_LIMITS_CONNECTIONS", "7"), ("HOME", "x")];
    let config = load(file, &environment, &[("server.listen", "127.0.0.1:3")]).unwrap();
    assert_eq!(config.server.listen, "127.0.0.1:3");
    assert_eq!(config.data(), Some(Path::new("a")));
    assert_eq!(config.limits.connections, 7);
    assert_eq!(config.listener().unwrap().http_listen, None);
    assert_eq!(load(file, &environment, &[]).unwrap().server.listen, "127.0.0.1:2");
    let config = load("[resolver]\nmatch_threshold = 1\nlimit = 1_0\n[log]\nformat = \"json\"", &[], &[]).unwrap();
    assert_eq!((config.resolver.match_threshold, config.resolver.limit), (1.0, 10));
    assert_eq!(config.log.format, LogFormat::Json);
}

#[test]
fn an_error_says_where_and_what_to_do() {
    for (file, says) in [
        ("[server]\n\nlistne = \"\"", "unknown key `server.listne` in exonym.toml:3: did you mean `listen`?"),
        ("[sever]\nlisten = \"\"", "unknown section `sever` in exonym.toml:1: did you mean `server`?"),
        ("[server]\ncolour = 1", "unknown key `server.colour` in exonym.toml:2: `exonym serve --print-config` shows"),
        ("server = 1", "`server` in exonym.toml:1 is a section, write it as `[server]`"),
        ("[server]\nlisten = 50051", "`server.listen` in exonym.toml:2 must be text in quotes, not a whole number"),
        ("[limits]\nconnections = [1]", "`limits.connections` in exonym.toml:2 must be a whole number, not a list"),
        ("[limits]\nconnections = -1", "`limits.connections` in exonym.toml:2 is not usable: "),
        ("[limits]\nlong_calls = 0", "`limits.long_calls` in exonym.toml:2 must be more than 0"),
        ("[log]\nformat = \"xml\"", "`log.format` in exonym.toml:2 is not usable: unknown variant `xml`"),
        ("[server]\nlisten = \"localhost\"", "`server.listen` in exonym.toml:2 must be an IP address and a port"),
        ("[server\n", "exonym.toml:1: "),
        ("[tls]\ncert = \"a\"", "`tls.cert` in exonym.toml:2 is set without `tls.key`"),
        ("[auth]\nmode = \"token\"", "`auth.mode` in exonym.toml:2 is \"token\", but `auth.tokens` names no file"),
        ("[auth]\ntokens = \"a\"", "`auth.tokens` in exonym.toml:2 is set, but `auth.mode` is \"none\""),
        ("[resolver]\nmatch_threshold = 0.3", "`resolver.review_threshold` in the default settings must lie"),
        (
            "[limits]\nstream_window_bytes = 1048576",
            "`limits.connection_window_bytes` in the default settings must be at",
        ),
    ] {
        let error = load(file, &[], &[]).unwrap_err();
        assert!(error.starts_with(says), "{file:?}: {error}");
        assert!(!error.contains('\n'), "{error}");
    }
    let error = load("", &[("EXONYM_SERVER_LISTNE", "")], &[]).unwrap_err();
    assert_eq!(error, "unknown key `server.listne` in EXONYM_SERVER_LISTNE: did you mean `listen`?");
    let error = load("", &[("EXONYM_LIMITS_CONNECTIONS", "many")], &[]).unwrap_err();
    assert_eq!(error, "`limits.connections` in EXONYM_LIMITS_CONNECTIONS must be a whole number, got \"many\"");
    let error = load("", &[], &[("server.listen", "here")]).unwrap_err();
    assert!(error.starts_with("`server.listen` in --listen must be an IP address"), "{error}");
    let sources = Sources { file: Some("/nowhere/exonym.toml".into()), ..Sources::default() };
    assert!(Config::load(&sources).unwrap_err().to_string().starts_with("cannot read /nowhere/exonym.toml: "));
}

#[test]
fn sources_are_read_with_their_places() {
    let file = "[server]\ndata = \"d\"\n[[source]]\nname = \"un\"\nurl = \"https://a/x.xml\"\nformat = \"un-xml\"\n\
                every_minutes = 5\n[source.headers]\nx-key = \"env:KEY\"\ny = \"file:/k\"\nz = \"plain\"\n\
                [[source]]\nname = \"ofac\"\ndataset = \"us\"\nurl = [\"https://a/sdn.csv\", \"https://a/alt.csv\"]\nmax_loss_percent = 3\n";
    let config = load(file, &[], &[]).unwrap();
    let sources = config.sources(&|name| (name == "KEY").then(|| "s3cret".to_owned())).unwrap();
    assert_eq!((sources[0].name.as_str(), sources[0].dataset.as_str()), ("un", "un"));
    assert_eq!((sources[0].every.as_secs(), sources[0].timeout.as_secs(), sources[0].max_loss), (300, 600, 0.1));
    let values: Vec<&HeaderValue> = sources[0].headers.iter().map(|header| &header.value).collect();
    let expected =
        [HeaderValue::Text("s3cret".into()), HeaderValue::File("/k".into()), HeaderValue::Text("plain".into())];
    assert_eq!(values, expected.iter().collect::<Vec<_>>());
    assert_eq!((sources[1].dataset.as_str(), sources[1].urls.len(), sources[1].max_loss), ("us", 2, 0.03));
    assert!(config.sources(&|_| None).unwrap_err().to_string().contains("the variable KEY, which is not set"));
    assert!(Config::defaults().unwrap().sources(&|_| None).unwrap().is_empty());

    let told = |keys: &str| {
        let file = format!("[server]\ndata = \"d\"\n[[source]]\n{keys}");
        let sources = load(&file, &[], &[]).map(|config| config.sources(&|_| None).map_err(|error| error.to_string()));
        sources.and_then(|sources| sources).unwrap_err().replace("exonym.toml", "f")
    };
    let told = |keys: &str| told(keys).rsplit('/').next().unwrap_or_default().to_owned();
    for (keys, says) in [
        ("nam = \"x\"", "unknown key `source.nam` in f:4: did you mean `name`?"),
        ("name = \"x\"\nurl = 5", "`source.url` in f:5 is not usable: expected a text in quotes or a list of them"),
        ("name = \"x\"\nmax_bytes = \"1\"", "`source.max_bytes` in f:5 is not usable: invalid type: string"),
        ("name = \"x\"", "`source` in f:4 is not usable: missing field `url`"),
        ("url = \"https:x\"", "`source` in f:4 is not usable: missing field `name`"),
    ] {
        assert!(told(keys).starts_with(says), "{keys}: {}", told(keys));
    }
    for (keys, key, says) in [
        ("name = \"X y\"\nurl = \"https://a/x\"", "source.name", "is not usable: dataset name"),
        ("name = \"x\"\nurl = \"http://a/x\"", "source.url", "is plaintext"),
        ("name = \"x\"\nurl = \"https://a/x\"\nformat = \"pdf\"", "source.format", "unknown format \"pdf\""),
        ("name = \"x\"\nurl = \"https://a/x\"\nevery_minutes = 0", "source.every_minutes", "must be more than 0"),
        (
            "name = \"x\"\nurl = \"https://a/x\"\nmapping = \"nowhere.toml\"",
            "source.mapping",
            "neither bundled nor a file",
        ),
        (
            "name = \"x\"\nurl = \"https://a/x\"\n[[source]]\nname = \"x\"\nurl = \"https://a/y\"",
            "source.name",
            "another source",
        ),
    ] {
        let file = format!("[server]\ndata = \"d\"\n[[source]]\n{keys}");
        let error = load(&file, &[], &[]).unwrap().sources(&|_| None).unwrap_err().to_string();
        assert!(error.starts_with(&format!("`{key}` in ")) && error.contains(says), "{error}");
    }
    let nowhere = load("[[source]]\nname = \"x\"\nurl = \"https://a/x\"", &[], &[]).unwrap();
    assert!(nowhere.sources(&|_| None).unwrap_err().to_string().contains("needs a data directory"));
    assert!(load("[source]\nname = \"x\"", &[], &[]).unwrap_err().contains("write each as `[[source]]`"));
    assert!(load("", &[("EXONYM_SOURCE_NAME", "x")], &[]).unwrap_err().contains("unknown section `source`"));
}

#[test]
fn the_example_of_a_source_is_one() {
    let example: String = DEFAULT
        .lines()
        .skip_while(|line| *line != "#   [[source]]")
        .filter_map(|line| line.strip_prefix("#   "))
        .map(|line| format!("{line}\n"))
        .collect();
    let config = load(&format!("[server]\ndata = \"d\"\n{example}"), &[], &[]).unwrap();
    let sources = config.sources(&|name| (name == "LIST_TOKEN").then(|| "x".to_owned())).unwrap();
    let source = &sources[0];
    let default = crate::batch::live::Source::new(source.name.clone(), source.urls.clone());
    assert_eq!((source.every, source.timeout, source.max_bytes), (default.every, default.timeout, default.max_bytes));
    assert_eq!((source.max_loss, &source.dataset), (default.max_loss, &default.dataset));
}

#[test]
fn variables_that_kubernetes_makes_are_no_settings() {
    let links = [
        "EXONYM_SERVICE_HOST",
        "EXONYM_SERVICE_PORT",
        "EXONYM_SERVICE_PORT_GRPC",
        "EXONYM_PORT",
        "EXONYM_PORT_50051_TCP",
        "EXONYM_PORT_50051_TCP_PROTO",
        "EXONYM_PORT_50051_TCP_PORT",
        "EXONYM_PORT_50051_TCP_ADDR",
        "EXONYM_HEADLESS_SERVICE_HOST",
        "EXONYM_HEADLESS_PORT_50051_TCP",
        "EXONYM_CONFIG",
    ];
    let environment: Vec<_> = links.iter().map(|name| (*name, "tcp://192.0.2.1:50051")).collect();
    assert!(load("", &environment, &[]).is_ok());
    for name in ["EXONYM_SERVER_PORT", "EXONYM_SERVER_PORTS", "EXONYM_PORTS", "EXONYM_LISTEN", "EXONYM_"] {
        assert!(load("", &[(name, "1")], &[]).is_err(), "{name}");
    }
    // No setting is taken for one of them.
    let table: toml::Table = DEFAULT.parse().unwrap();
    for (section, keys) in &table {
        for (key, value) in keys.as_table().unwrap() {
            let name = format!("EXONYM_{section}_{key}").to_uppercase();
            let wrong = if value.is_str() { continue } else { "?" };
            assert!(load("", &[(&name, wrong)], &[]).is_err(), "{name} was skipped");
        }
        assert!(!section.contains('_'), "`{section}`: the first word of a variable is the section");
    }
}

#[test]
fn keys_are_unique_words() {
    let table: toml::Table = DEFAULT.parse().unwrap();
    let keys: BTreeSet<_> = table.values().flat_map(|keys| keys.as_table().unwrap().keys()).collect();
    assert!(keys.iter().all(|key| key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')));
}

proptest! {
    #[test]
    fn any_text_is_settings_or_an_error(text in "[\\[\\]a-z=\"_.0-9 \n-]{0,60}") {
        let _ = load(&text, &[], &[]);
    }
}
