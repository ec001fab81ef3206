"""A playbook of promises that last seconds, so that much falls due while processes die."""

CAPACITY = {"Dan": 6, "Eve": 9}

TEXT = """
version: 1
scoring:
  weights: {fit: 1, engagement: 0}
  qualify_at: 50
  grades: {A: 50, B: 0}
  engagement: {half_life: 14d, activities: {visit: {points: 1}}}
rules:
  - {name: everyone, because: Whoever comes is for sales, when: {email_kind: company}, then: {qualify: true}}
routes:
  - {name: germany, because: Two who can take few, when: {country: DE}, to: narrow, sla: tight}
  - {name: america, because: Whose reps keep them after a breach, when: {country: US}, to: wide, sla: plain}
  - {name: others, because: Catch-all, to: wide, sla: quick}
slas:
  quick: {respond_within: 2s, clock: always, warn_at: [25%, 60%], accept_within: 1s, on_breach: [reassign, escalate]}
  tight: {respond_within: 1s, clock: always, warn_at: [50%], attempts: {at_least: 2, within: 2s},
    on_breach: [reassign, notify_manager]}
  plain: {respond_within: 1s, clock: always, warn_at: [50%], attempts: {at_least: 2, within: 2s},
    on_breach: notify_manager}
calendars:
  always: {timezone: UTC, hours: {mon-sun: '00:00-24:00'}}
teams:
  wide:
    calendar: always
    manager: {name: Mara, email: mara@seller.example}
    escalation: [{name: Vera, email: vera@seller.example, after: 1s}]
    reps:
      - {name: Ana, email: ana@seller.example, weight: 2}
      - {name: Ben, email: ben@seller.example}
  narrow:
    calendar: always
    manager: {name: Nora, email: nora@seller.example}
    reps:
      - {name: Dan, email: dan@seller.example, capacity: 6 per day}
      - {name: Eve, email: eve@seller.example, capacity: 9 per day}
"""
