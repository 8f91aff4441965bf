//! The syntax of properties files, and who beats whom.
#![allow(clippy::unwrap_used)]
use super::*;

fn parsed(text: &str) -> Vec<(String, String)> {
    parse_text(text).unwrap()
}

fn one(text: &str) -> (String, String) {
    let all = parsed(text);
    assert_eq!(all.len(), 1, "{all:?}");
    all.into_iter().next().unwrap()
}

fn pair(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

#[test]
fn key_ends_at_equals_colon_or_space() {
    for line in ["k=v", "k:v", "k v", "k = v", "k\t:\u{c}v", "  k=v", "k   v"] {
        assert_eq!(one(line), pair("k", "v"), "{line}");
    }
    assert_eq!(one("k==v"), pair("k", "=v"));
    assert_eq!(one("k : = v"), pair("k", "= v"));
    assert_eq!(one("k"), pair("k", ""));
    assert_eq!(one("=v"), pair("", "v"));
}

#[test]
fn space_at_the_end_of_a_value_stays() {
    assert_eq!(one("k=v \t"), pair("k", "v \t"));
}

#[test]
fn backslash_protects_separators_and_names_controls() {
    assert_eq!(one(r"a\=b\:c\ d=e"), pair("a=b:c d", "e"));
    assert_eq!(one(r"k=a\tb\nc\rd\fe\qf\\g"), pair("k", "a\tb\nc\rd\u{c}eqf\\g"));
    assert_eq!(one("k=\\u00e9\\uD83D\\uDE00"), pair("k", "é😀"));
    assert_eq!(parse_text("k=\\u00g1"), Err(MalformedEscape));
    assert_eq!(parse_text("k=\\u00"), Err(MalformedEscape));
}

#[test]
fn odd_backslashes_at_the_end_continue_the_line() {
    assert_eq!(one("k=a,\\\n   b,\\\r\n\tc"), pair("k", "a,b,c"));
    assert_eq!(parsed("k=a\\\\\nl=b"), [pair("k", "a\\"), pair("l", "b")]);
    assert_eq!(one("k=a\\"), pair("k", "a"));
    assert_eq!(parsed("k=a\\\n\nl=b"), [pair("k", "a"), pair("l", "b")]);
    assert_eq!(one("k=a\\\n#b"), pair("k", "a#b"));
}

#[test]
fn comments_and_empty_lines_are_skipped() {
    let text = "# c\\\n! d\n\r\n   \n\t# e\nk=v # not a comment\r";
    assert_eq!(parsed(text), [pair("k", "v # not a comment")]);
}

#[test]
fn files_are_latin_1() {
    let text = Properties::from_file(b"k=\xe9\xc3\xa9").unwrap();
    assert_eq!(text.get("k"), Some("éÃ©"));
}

#[test]
fn last_setting_of_a_key_wins() {
    assert_eq!(Properties::from_file(b"k=1\nk=2").unwrap().get("k"), Some("2"));
}

#[test]
fn environment_beats_the_file_and_overrides_beat_both() {
    let mut settings = Properties::from_file(b"num.io.threads=1\nlog.dirs=/a\nnum.partitions=1").unwrap();
    let variables = [("KAFKA_NUM_IO_THREADS", "2"), ("KAFKA_LOG_DIRS", "/b"), ("HOME", "/")];
    settings.apply_environment(variables).unwrap();
    settings.apply_override("num.io.threads=3");
    settings.apply_override("broker.rack");
    settings.apply_override("sasl.jaas.config=a=b");
    let expected = [
        ("broker.rack", ""),
        ("log.dirs", "/b"),
        ("num.io.threads", "3"),
        ("num.partitions", "1"),
        ("sasl.jaas.config", "a=b"),
    ];
    assert_eq!(settings.iter().collect::<Vec<_>>(), expected);
}

#[test]
fn underscores_of_variables_become_dots_underscores_and_dashes() {
    let key = |name| environment_key(name);
    assert_eq!(
        key("KAFKA_LISTENER_NAME_A_SCRAM___SHA___256_X"),
        Some("listener.name.a.scram-sha-256.x".to_owned())
    );
    assert_eq!(key("KAFKA_A__B"), Some("a_b".to_owned()));
    assert_eq!(key("KAFKA_KAFKA_METRICS_REPORTERS"), Some("kafka.metrics.reporters".to_owned()));
    assert_eq!(key("KAFKA_HEAP_OPTS"), None);
    assert_eq!(key("CLUSTER_ID"), None);
}

#[test]
fn notices_tell_unknown_keys_from_removed_ones() {
    let settings = Properties::from_iter([
        ("log.dirs", "/a"),
        ("num.io.thread", "8"),
        ("listener.name.x.ssl.keystore.location", "/k"),
        ("zookeeper.connect", "z:2181"),
        ("zookeeper.ssl.client.enable", "true"),
        ("inter.broker.protocol.version", "3.9"),
    ]);
    let sentences: Vec<String> = settings.notices().iter().map(Notice::to_string).collect();
    assert_eq!(sentences.len(), 4);
    assert!(
        sentences[0].starts_with("inter.broker.protocol.version has no effect since Kafka 4: the feature")
    );
    assert_eq!(sentences[1], "num.io.thread is not a known configuration key and has no effect");
    assert!(sentences[2].contains("not in ZooKeeper"));
    assert!(sentences[3].contains("not in ZooKeeper"));
}

#[test]
fn debug_shows_no_secret() {
    let settings = Properties::from_iter([
        ("ssl.key.password", "s3cret"),
        ("my.own.token", "s3cret"),
        ("listener.name.a.plain.sasl.jaas.config", "s3cret"),
        ("num.io.threads", "8"),
    ]);
    let shown = format!("{settings:?}");
    assert!(!shown.contains("s3cret") && shown.contains("\"num.io.threads\": \"8\""), "{shown}");
}

/// A few files and variables.
struct Fixture;

impl Surroundings for Fixture {
    fn real_path(&self, path: &str) -> Option<String> {
        match path {
            "/link" => Some("/etc/secrets".to_owned()),
            "/secrets" | "/secrets/all.properties" | "/secretsque" | "/etc/secrets" => Some(path.to_owned()),
            _ => None,
        }
    }

    fn read(&self, path: &str) -> Option<String> {
        match path {
            "/secrets/all.properties" | "/etc/secrets" => {
                Some("pass=one\npass = two\nuser\\u003a=me".to_owned())
            }
            "/secrets/token" => Some("abc\n".to_owned()),
            _ => None,
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        (name == "TOKEN" || name == "HIDDEN").then(|| "xyz".to_owned())
    }
}

fn resolved(parameters: &[(&'static str, &'static str)], value: &'static str) -> Result<String, String> {
    let mut settings = Properties::from_iter([
        ("config.providers", "file,dir,env"),
        ("config.providers.file.class", "org.apache.kafka.common.config.provider.FileConfigProvider"),
        ("config.providers.dir.class", "org.apache.kafka.common.config.provider.DirectoryConfigProvider"),
        ("config.providers.env.class", "org.apache.kafka.common.config.provider.EnvVarConfigProvider"),
        ("key", value),
    ]);
    for (key, value) in parameters {
        settings.set(*key, *value);
    }
    settings.resolve_variables(&Fixture).map_err(|error| error.to_string())?;
    Ok(settings.get("key").unwrap().to_owned())
}

#[test]
fn variables_are_replaced_from_files_directories_and_the_environment() {
    let value = |value| resolved(&[], value).unwrap();
    assert_eq!(value("a${file:/secrets/all.properties:pass}b"), "atwob");
    assert_eq!(value("${file:/secrets/all.properties:user:}"), "me");
    assert_eq!(value("${dir:/secrets:token}${env:TOKEN}"), "abc\nxyz");
}

#[test]
fn variables_that_nobody_set_stay_as_written() {
    for text in
        ["${none:a:b}", "${env:NONE}", "${file:/secrets/all.properties:none}", "${file:x}", "${a}", "${env:x"]
    {
        assert_eq!(resolved(&[], text).as_deref(), Ok(text));
    }
    assert_eq!(resolved(&[], "${a${env:TOKEN}").as_deref(), Ok("${a${env:TOKEN}"));
    assert_eq!(resolved(&[], "${a}${env:TOKEN}").as_deref(), Ok("${a}xyz"));
    assert_eq!(resolved(&[], "${dir:/secrets:../token}").as_deref(), Ok("${dir:/secrets:../token}"));
}

#[test]
fn variables_are_limited_to_what_is_allowed() {
    let paths = [("config.providers.file.param.allowed.paths", "/secrets")];
    assert_eq!(resolved(&paths, "${file:/secrets/all.properties:pass}").as_deref(), Ok("two"));
    assert_eq!(resolved(&paths, "${file:/link:pass}").as_deref(), Ok("${file:/link:pass}"));
    assert_eq!(resolved(&paths, "${file:/secretsque:pass}").as_deref(), Ok("${file:/secretsque:pass}"));
    let names = [("config.providers.env.param.allowlist.pattern", "TOK.*")];
    assert_eq!(resolved(&names, "${env:TOKEN}${env:HIDDEN}").as_deref(), Ok("xyz${env:HIDDEN}"));
}

#[test]
fn wrong_variables_and_providers_are_refused() {
    let error = |parameters: &[(&'static str, &'static str)], value| resolved(parameters, value).unwrap_err();
    assert_eq!(error(&[], "${file:/none:a}"), "Could not read properties from file /none");
    assert_eq!(
        error(&[], "${env:path:TOKEN}"),
        "Path is not supported for EnvVarConfigProvider, invalid value 'path'"
    );
    let class = [("config.providers.env.class", "com.example.Vault")];
    assert_eq!(
        error(&class, ""),
        "Invalid value com.example.Vault for configuration config.providers.env.class: Could not load config \
         provider class or one of its dependencies"
    );
    assert_eq!(
        error(&[("config.providers.dir.param.allowed.paths", "secrets")], ""),
        "Path secrets is not absolute"
    );
    assert_eq!(
        error(&[("config.providers.dir.param.allowed.paths", "/none")], ""),
        "Path /none does not exist"
    );
}
