//! Plans of any size, always the same for the same size: six families, three
//! links an entry, every link to an entry that exists, and nothing to find.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Entries of one group; each group has one release criterion, rollback, risk and so on.
const GROUP: usize = 10;

/// What every plan has once, however many entries it has beside.
const ONCE: &str = "\
- id: DEP-000001e
  type: Environment
  stage: Pre-deploy
  title: Production
  name: production
  infrastructure: Two clusters behind one balancer
  configuration: [LOG_LEVEL=info]
  secrets: From the vault, when the service starts
  access: On-call engineers
  owner: Operations
- id: DEP-000001v
  type: Validation
  stage: Post-deploy
  title: The service answers
  check: The health page answers with 200
  method: Automated
  success_criteria: Ten answers of ten
  escalation: On-call engineer
  window: 0h..2h
  linked_ids: EPIC-000001
  owner: Operations
";

/// Writes `entries` entries into `folder`, `per_file` to a file. Returns how many bytes they are.
pub fn write(folder: &Path, entries: usize, per_file: usize) -> std::io::Result<u64> {
    fs::create_dir_all(folder)?;
    let mut bytes = ONCE.len() as u64;
    fs::write(folder.join("once.yaml"), ONCE)?;
    for (number, first) in (0..entries).step_by(per_file).enumerate() {
        let last = (first + per_file).min(entries);
        let text: String = (first..last).map(|index| entry(index, entries)).collect();
        bytes += text.len() as u64;
        fs::write(folder.join(format!("plan-{number:06}.yaml")), text)?;
    }
    Ok(bytes)
}

/// One entry of the plan as an item of a list.
fn entry(index: usize, total: usize) -> String {
    let groups = total.div_ceil(GROUP);
    let group = index / GROUP + 1;
    let next = group % groups + 1;
    match index % GROUP {
        0 => epic(group, next, groups),
        1..=4 => test(group, index % GROUP),
        5 => criterion(group),
        6 => rollback(group),
        7 => metric(group),
        8 => risk(group),
        _ => runbook(group),
    }
}

fn tests_of(group: usize) -> (usize, usize) {
    (group * 4 - 3, group * 4)
}

fn epic(group: usize, next: usize, groups: usize) -> String {
    let (first, last) = tests_of(group);
    // The last group depends on nothing, or the chain would close to a ring.
    let depends = if group < groups { format!("  depends_on: EPIC-{next:06}\n") } else { String::new() };
    format!(
        "- id: EPIC-{group:06}\n  title: Work package {group} of the integration platform\n  state: In Progress\n  \
         owner: Platform Team\n  priority: must\n  value: High\n  effort: Medium\n  risk: Low\n  progress: 60%\n  \
         start: 2026-10-05\n  due: 2027-01-29\n{depends}  tests:\n    - TEST-{first:06} (mapping)\n    - TEST-{last:06}\n  \
         description: >-\n    Customers connect their own systems without help, and see at once what was\n    \
         understood of their data and what was not.\n"
    )
}

fn test(group: usize, place: usize) -> String {
    let number = group * 4 - 4 + place;
    format!(
        "- id: TEST-{number:06}\n  title: A field is mapped, converted and written back ({place})\n  type: Integration\n  \
         priority: High\n  owner: QA Lead\n  environment: staging\n  method: Automated\n  \
         automation: tests/integration/mapping_{number}.rs\n  status: passing\n  given: a customer with two systems\n  \
         when: a record changes on one side\n  then: the other side holds the same record within 2 seconds\n  \
         linked_ids: EPIC-{group:06}, MON-{group:06}, RISK-{group:06}\n"
    )
}

fn criterion(group: usize) -> String {
    let (first, last) = tests_of(group);
    format!(
        "- id: DEP-{:06}\n  type: Criteria\n  stage: Pre-deploy\n  title: The tests of package {group} pass in staging\n  \
         requirement: Every linked test passes in the staging environment\n  \
         verification: The pipeline of the release branch is green\n  blocker: Yes — the release stops here\n  \
         category: Functional\n  owner: QA Lead\n  linked_ids: TEST-{first:06} to TEST-{last:06}, EPIC-{group:06}\n",
        group * 2 - 1
    )
}

fn rollback(group: usize) -> String {
    format!(
        "- id: DEP-{:06}\n  type: Rollback\n  stage: Post-deploy\n  title: Errors of package {group} rise\n  \
         trigger: More requests fail than before the deployment\n  threshold: \"> 2pp over baseline for 5m\"\n  \
         procedure:\n    - Page the engineer on call\n    - Switch the traffic back\n    - Look for the cause\n  \
         notification: On-call rotation\n  severity: High\n  automatic: yes\n  authority: Release Manager\n  \
         max_duration: 5m\n  last_rehearsed: 2026-11-02\n  owner: Operations\n  runbook: RUN-{group:06}\n  \
         linked_ids: MON-{group:06}, EPIC-{group:06}\n",
        group * 2
    )
}

fn metric(group: usize) -> String {
    let mut text = String::new();
    let _ = write!(
        text,
        "- id: MON-{group:06}\n  title: Share of failed requests of package {group}\n  owner: Operations\n  \
         query: sum(rate(http_requests_total{{package=\"{group}\"}}[5m]))\n  unit: per cent\n  baseline: 0.5%\n  \
         type: metric\n  target: \"< 1%\"\n  linked_ids: EPIC-{group:06}, RUN-{group:06}, DEP-{:06}\n",
        group * 2
    );
    text
}

fn risk(group: usize) -> String {
    let (first, _) = tests_of(group);
    format!(
        "- id: RISK-{group:06}\n  title: The data of package {group} does not fit the model\n  probability: 20%\n  \
         impact: Medium\n  status: mitigating\n  owner: Engineering Lead\n  category: technical\n  \
         trigger: More than one mapping in ten needs a person\n  response: mitigate\n  \
         mitigation: Real data of five customers is mapped every week\n  \
         contingency: The old import stays available\n  review_date: 2027-01-11\n  \
         mitigated_by: TEST-{first:06}, RUN-{group:06}\n  linked_ids: EPIC-{group:06}\n"
    )
}

fn runbook(group: usize) -> String {
    format!(
        "- id: RUN-{group:06}\n  title: Take package {group} back\n  owner: Operations\n  severity: High\n  \
         last_tested: 2026-10-19\n  steps:\n    - Announce it in the release channel\n    - Switch the traffic back\n    \
         - Check the error rate for ten minutes\n  covers: DEP-{:06}, MON-{group:06}, EPIC-{group:06}\n",
        group * 2
    )
}
