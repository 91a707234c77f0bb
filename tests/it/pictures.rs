//! The pictures of the README, drawn from real output; `UPDATE=1` draws them again.

use std::path::Path;

use crate::support::{out, project, run};

/// The plan of the picture: a misspelt id and a threshold that YAML reads as something else.
const PLAN: &str = "- id: DEP-003\n  type: Rollback\n  stage: Rollback\n  title: Error rate rises\n  owner: SRE\n  \
                    trigger: Requests fail\n  threshold: >2% of requests for 5m\n  linked_ids: MON-001\n\
                    - id: MON-010\n  title: Error rate\n  owner: SRE\n  query: rate(errors[5m])\n  unit: \"%\"\n";

/// Draws what a command prints, or compares it with the picture that is there.
fn picture(name: &str, command: &str, shown: &str) {
    let text = format!("$ {command}\n{}\n", shown.trim_end());
    let drawn = anstyle_svg::Term::new().render_svg(&text);
    let path = project().join("docs/pictures").join(format!("{name}.svg"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, drawn).expect("the picture is written");
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == drawn, "{} is stale: run UPDATE=1 cargo test --test it pictures", path.display());
}

fn lines(text: &str, count: usize) -> String {
    text.lines().take(count).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_finding_of_the_readme_is_real() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("plan")).expect("a folder");
    std::fs::write(folder.path().join("plan/rollback.yaml"), PLAN).expect("a plan");
    let arguments = ["check", "--rule", "no-criteria=off", "--color", "always", "--today", "2026-11-20"];
    let shown = out(&run(folder.path(), &arguments));
    let first: Vec<&str> = shown.split("\n\n").take(6).collect();
    picture("check", "relplan check", &first.join("\n\n"));
}

#[test]
fn the_report_of_the_readme_is_real() {
    let example: &Path = &project().join("examples/cloudconnect");
    let arguments = ["report", "--color", "always", "--today", "2026-11-20", "--commit", "4f2d9c1e"];
    picture("report", "relplan report", &lines(&out(&run(example, &arguments)), 34));
}
