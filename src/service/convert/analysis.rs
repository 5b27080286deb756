use super::enums::{kind_message, role_message, script_message};
use super::resolution::version_message;
use crate::model::Version;
use crate::names::{Analysis, Name, NamePart};
use crate::proto::v1;
use crate::resolver::model_version;
use crate::translit::{self, Scheme};

/// An analysed name as the contract has it. `original` is the text that was analysed; `trace` what normalisation
/// changed.
pub fn analysis_response(original: &str, analysis: Analysis, trace: Vec<v1::TraceStep>) -> v1::AnalyzeNameResponse {
    let version = Version { model: model_version().to_owned(), ..Version::default() };
    v1::AnalyzeNameResponse {
        normalized: analysis.normalized,
        script: script_message(analysis.script).into(),
        language: analysis.language.to_owned(),
        hypotheses: analysis.readings.into_iter().map(|name| hypothesis(original, name)).collect(),
        trace,
        version: Some(version_message(&version)),
    }
}

fn hypothesis(original: &str, name: Name) -> v1::NameHypothesis {
    v1::NameHypothesis {
        kind: kind_message(name.kind).into(),
        weight: f64::from(name.weight),
        parts: name.parts.into_iter().map(|part| part_message(original, part)).collect(),
    }
}

fn part_message(original: &str, part: NamePart) -> v1::NamePart {
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    v1::NamePart {
        text: original.get(part.span.clone()).unwrap_or_default().to_owned(),
        start: byte(part.span.start),
        end: byte(part.span.end),
        role: role_message(part.role).into(),
        script: script_message(part.script).into(),
        spellings: spellings(&part),
        concept: part.concept.unwrap_or_default().to_owned(),
        form: part.form.into(),
    }
}

/// The spellings of a part by every standard that reads its script.
fn spellings(part: &NamePart) -> Vec<v1::Spelling> {
    let mut spellings = Vec::new();
    for scheme in translit::schemes().iter().filter(|scheme| scheme.source_script() == part.script && !scheme.folds()) {
        let texts = scheme.spell(&part.form).into_iter();
        spellings.extend(texts.map(|text| v1::Spelling { text, scheme: scheme.name().to_owned() }));
    }
    spellings
}

/// A published standard as the contract has it.
pub fn scheme_message(scheme: &Scheme) -> v1::Scheme {
    v1::Scheme {
        name: scheme.name().to_owned(),
        full_name: scheme.full_name().to_owned(),
        title: scheme.title().to_owned(),
        source_script: script_message(scheme.source_script()).into(),
        target_script: script_message(scheme.target_script()).into(),
        status: scheme.status().to_owned(),
        source: scheme.source().to_owned(),
    }
}
