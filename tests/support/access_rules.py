"""Who gets an answer at which address: one row for each kind of answer."""

from dataclasses import dataclass

#: One line per person: the groups that the rows below name. A new role is a line here.
PEOPLE = {
    "inspector": "signed_in results dashboard city inspecting ledger",
    "approver": "signed_in results dashboard city inspecting approving ledger watching",
    "quan10": "signed_in results dashboard reading answering",
    "cangio": "signed_in results dashboard reading answering",
    "thanhan": "signed_in results reading answering",
    "ldthanhan": "signed_in results reading confirming",
    "leader": "signed_in results dashboard city reading watching",
    "administrator": "signed_in ledger managing watching",
}
#: Rows of units: Phường 6 of Quận 10, and with `@cangio` xã Thạnh An of Cần Giờ. Who answers for other units.
STRANGERS = {"": {"cangio", "thanhan", "ldthanhan"}, "cangio": {"quan10"}}
SIGN_IN = "sign-in"  # answered by the way to the sign-in page


@dataclass(frozen=True)
class Rule:
    """Who gets an answer at the addresses of a row. Others get 403, and 404 where the page is hidden from them."""

    #: groups of PEOPLE, separated by blanks
    groups: str
    #: 302 of a POST is the redirect after the action, 200 the form shown again with its errors,
    #: 404 the row that does not exist, 405 the other method
    answer: int = 200
    #: groups, or `strangers` to the unit; this is checked before `groups`
    hidden_from: str = ""
    #: the answer without a session
    signed_out: int | str = SIGN_IN
    #: the address asks for no form: who is not refused has done it with this very request
    writes: bool = False

    def answer_for(self, person: str, unit: str) -> int | str:
        if person == "nobody":
            return self.signed_out
        groups = set(PEOPLE[person].split())
        if person in STRANGERS[unit]:
            groups.add("strangers")
            groups.update(["strangers_who_answer"] if "answering" in groups else [])
        if groups & set(self.hidden_from.split()):
            return 404
        return self.answer if groups & set(self.groups.split()) else 403


ROWS = [
    # Without signing in.
    ("get", Rule("signed_in", signed_out=200), """
        healthz readyz accounts:reset accounts:reset-done accounts:reset-complete
        accounts:reset-confirm inspections:worker inspections:waiting"""),
    ("get", Rule("signed_in", 302, signed_out=200), "accounts:sign-in"),
    ("get", Rule("signed_in", 404, signed_out=404), "accounts:first-use"),
    ("get", Rule("signed_in", 405, signed_out=405), "accounts:sign-out"),
    ("post", Rule("signed_in", 302, signed_out=302), "set_language"),
    ("post", Rule("signed_in", 302), "accounts:sign-out"),
    # Everybody who is signed in; pages of a unit only for those whose unit it is.
    ("get", Rule("signed_in"), """
        home guide accounts:change-password wards:list wards:directory reports:index jobs:list inspections:notices"""),
    ("post", Rule("signed_in", 302), "inspections:notices-read"),
    ("post", Rule("signed_in", 302, writes=True), "inspections:notices-mail"),
    ("post", Rule("signed_in", 404), "inspections:notice"),
    ("get", Rule("signed_in", hidden_from="strangers"), """
        wards:detail wards:detail@cangio wards:district wards:district@cangio
        wards:contact wards:contact@cangio"""),
    # Pages that take a POST alone say so before they ask who it is.
    ("get", Rule("signed_in", 405), """
        wards:predecessor-remove wards:grouping-assign wards:group-remove
        training:scheme-remove training:category-move training:category-remove
        accounts:new-password accounts:first-links-send accounts:slips
        jobs:cancel imports:answer imports:check imports:confirm imports:drop
        stand-ins:end criteria:copy criteria:publish criteria:citation-remove
        criteria:build-arrange criteria:build-status criteria:build-sections criteria:build-section-remove
        criteria:build-leaf-remove criteria:build-bar-remove
        inspections:round-remove inspections:ward-reopening-end inspections:team-remove
        inspections:save inspections:settle inspections:submit inspections:return inspections:approve
        inspections:evidence inspections:evidence-void inspections:evidence-describe
        inspections:minutes-add-scans inspections:reminders-send inspections:finding-withdraw
        inspections:notice inspections:notices-read inspections:notices-mail
        inspections:question-ask inspections:question-answer inspections:question-close
        inspections:question-note inspections:question-distant
        inspections:self-return inspections:self-confirm inspections:self-accept inspections:self-withdraw
        reports:proposal reports:correction reports:template-withdraw"""),
    # Results: everybody but the administrator; of a unit, those whose unit it is.
    ("get", Rule("results"), """
        criteria:list criteria:detail criteria:acts criteria:preview
        inspections:rounds inspections:round inspections:round-documents inspections:decisions
        inspections:round-papers
        inspections:teams inspections:visits-by-month inspections:verify-search inspections:verify-qr
        inspections:findings inspections:round-mending training:attainment training:courses training:schemes
        reports:summary reports:summary-workbook reports:bands
        reports:districts reports:criteria reports:criterion reports:units reports:holdings
        reports:courses reports:attainment-workbook reports:round-workbook reports:scheme-workbook"""),
    ("get", Rule("results", 302), "training:overview"),
    ("get", Rule("results", hidden_from="strangers"), """
        inspections:checklist inspections:checklist@cangio inspections:blank inspections:blank@cangio
        inspections:verify inspections:verify@cangio inspections:finding inspections:finding@cangio
        inspections:finding-file inspections:finding-file@cangio inspections:finding-picture
        inspections:decision inspections:decision@cangio
        files:item files:item@cangio"""),
    ("get", Rule("results", 404), """
        inspections:result-sheet inspections:result-print inspections:result-word inspections:round-paper-file
        inspections:mending
        inspections:round-document-file inspections:plan-approval-file
        inspections:evidence-item inspections:evidence-picture
        inspections:evidence-file inspections:minutes-scan inspections:minutes-scan-picture"""),
    # With a report that was accepted; what the unit showed with it stays with those who work on it.
    ("get", Rule("results", hidden_from="strangers"), """
        inspections:result-sheet@cangio inspections:result-print@cangio inspections:result-word@cangio"""),
    ("get", Rule("inspecting answering confirming", hidden_from="strangers"), """
        inspections:self-evidence-item@cangio inspections:self-evidence-picture@cangio
        inspections:self-evidence-file@cangio"""),
    ("get", Rule("dashboard"), "reports:dashboard reports:boundaries reports:picture-svg reports:picture-png"),
    # Minutes of a checklist that is not approved.
    ("get", Rule("inspecting", hidden_from="reading"), """
        inspections:minutes inspections:minutes-word inspections:minutes-print
        inspections:round-paper inspections:round-paper-word"""),
    ("post", Rule("approving", 404, hidden_from="reading"), "inspections:round-paper"),
    ("post", Rule("inspecting", 404), "inspections:round-papers"),
    ("post", Rule("inspecting", 302), "inspections:round-papers-all"),
    # What is of the whole City; the course is one of Quận 11.
    ("get", Rule("city"), """
        training:by-year
        stand-ins:list
        reports:round-document reports:scheme-document reports:passages reports:closings reports:closing"""),
    ("get", Rule("city", 404), "reports:closing-signed reports:closing-file"),
    ("get", Rule("city", hidden_from="answering confirming"), "training:course"),
    ("get", Rule("ledger"), "reports:figures reports:discrepancies"),
    ("get", Rule("watching"), "accounts:journal accounts:first-links office:overview"),
    # Units answer for themselves.
    ("get", Rule("inspecting answering confirming"), "inspections:self-round"),
    ("get", Rule("inspecting answering confirming", hidden_from="strangers"),
        "inspections:self-assessment inspections:self-assessment@cangio inspections:self-print"),
    ("get", Rule("inspecting answering confirming", hidden_from="strangers"), """
        inspections:questions inspections:questions@cangio inspections:question inspections:question@cangio
        inspections:question-file inspections:question-picture"""),
    ("post", Rule("answering", hidden_from="strangers_who_answer"), """
        inspections:question-answer inspections:question-answer@cangio"""),
    ("post", Rule("answering", hidden_from="strangers"), """
        inspections:self-assessment inspections:self-assessment@cangio"""),
    ("get", Rule("answering", hidden_from="strangers_who_answer"), "inspections:self-evidence-add"),
    ("get", Rule("answering", 404), "inspections:self-paper"),
    ("post", Rule("answering", 404), "inspections:self-paper"),
    ("get", Rule("inspecting answering confirming", 404), """
        inspections:self-evidence-item inspections:self-evidence-picture inspections:self-evidence-file
        inspections:self-paper-file"""),
    ("post", Rule("inspecting answering confirming", 404), """
        inspections:self-evidence-item inspections:self-withdraw"""),
    ("post", Rule("confirming", 404), "inspections:self-confirm"),
    ("post", Rule("answering", hidden_from="strangers_who_answer"), """
        inspections:self-evidence-add
        inspections:finding-answer inspections:finding-answer@cangio"""),
    # A step that no form names is nobody's.
    ("post", Rule("", hidden_from="strangers"), "inspections:decision inspections:decision@cangio"),
    # Those who inspect.
    ("get", Rule("inspecting"), """
        files:withdrawn inspections:unit-file
        inspections:round-progress inspections:history inspections:stock inspections:guidance
        inspections:evidence-add inspections:minutes-sign inspections:minutes-supplement inspections:reminders
        inspections:finding-write training:funds training:course-create training:course-edit
        training:course-void"""),
    ("post", Rule("inspecting"), """
        inspections:minutes inspections:minutes-sign inspections:minutes-supplement
        inspections:finding-judge inspections:finding-deadline inspections:finding-close
        inspections:question-ask inspections:question-note
        inspections:finding-write inspections:finding-withdraw
        training:funds training:course-create training:course-edit training:course-void"""),
    ("post", Rule("inspecting", hidden_from="strangers"), "inspections:checklist inspections:checklist@cangio"),
    ("post", Rule("inspecting", 302), "inspections:evidence inspections:submit inspections:minutes-add-scans"),
    ("post", Rule("inspecting", 302), "inspections:question-close inspections:question-distant"),
    ("post", Rule("inspecting", 400), "inspections:save"),
    ("post", Rule("inspecting", 404), """
        inspections:settle inspections:evidence-void inspections:evidence-describe inspections:self-return
        inspections:self-accept inspections:self-both"""),
    ("get", Rule("inspecting"), "inspections:self-both"),
    # Those who approve.
    ("get", Rule("approving"), "inspections:self-time"),
    ("post", Rule("approving"), "inspections:self-time"),
    ("get", Rule("approving"), """
        criteria:stock criteria:recommendations criteria:act-create criteria:act-edit criteria:citations
        criteria:create criteria:build criteria:build-head criteria:build-section-add criteria:build-section
        criteria:build-leaf-add criteria:build-leaf criteria:build-bands criteria:build-bar-add criteria:build-bar
        criteria:build-crosswalk
        inspections:round-open inspections:round-prepare inspections:round-edit inspections:round-enrol
        inspections:round-funding inspections:round-close inspections:round-document-add inspections:round-document
        inspections:team-add inspections:team-edit inspections:plan inspections:plan-ward
        inspections:round-overview inspections:round-overview-units inspections:round-late-document
        inspections:decision-add inspections:decision-edit inspections:plan-approval
        inspections:round-late-workbook inspections:round-letter inspections:swapped-days
        inspections:reopen reports:passage reports:templates reports:template-own
        training:quotas training:scheme-create training:scheme-edit training:categories
        training:category-edit training:year-targets training:target-edit
        reports:closing-issue"""),
    ("get", Rule("approving", 302), "criteria:edit inspections:round-delete inspections:round-reopen"),
    ("get", Rule("approving", 302), "inspections:ward-reopen"),
    ("get", Rule("approving", 404), "reports:template-file"),
    ("post", Rule("approving"), """
        criteria:stock criteria:recommendations criteria:act-create criteria:act-edit criteria:citations
        criteria:create criteria:build-head criteria:build-section-add criteria:build-section
        criteria:build-leaf-add criteria:build-leaf criteria:build-bands criteria:build-bar-add criteria:build-bar
        criteria:build-crosswalk
        inspections:round-open inspections:round-edit inspections:round-funding
        inspections:round-document-add inspections:swapped-days
        inspections:round-document inspections:team-add inspections:team-edit inspections:plan
        inspections:decision-add inspections:decision-edit inspections:plan-approval
        inspections:plan-ward inspections:return inspections:reopen
        training:quotas training:scheme-create training:scheme-edit training:categories
        training:category-edit training:year-targets training:target-edit
        reports:templates reports:closings reports:closing-issue"""),
    ("post", Rule("approving", 302), """
        criteria:edit inspections:round-delete inspections:round-prepare inspections:round-enrol
        inspections:round-remove inspections:round-close inspections:plan-special
        inspections:round-reopen inspections:ward-reopen inspections:ward-reopening-end
        inspections:approve reports:passage reports:proposal reports:correction
        criteria:build-arrange criteria:build-status criteria:build-sections criteria:build-leaf-remove
        training:scheme-remove training:category-move training:category-remove"""),
    ("post", Rule("approving", 302, writes=True), """
        criteria:copy criteria:publish inspections:team-remove stand-ins:end
        criteria:build-section-remove criteria:build-bar-remove"""),
    ("post", Rule("approving"), "stand-ins:list"),
    ("post", Rule("approving", hidden_from="strangers"), "files:item files:item@cangio"),
    ("post", Rule("approving", 404), """
        inspections:reminders-send reports:template-withdraw criteria:citation-remove"""),
    ("get", Rule("approving"), "wards:groupings wards:grouping wards:grouping-edit wards:group-edit"),
    ("post", Rule("approving"), """
        wards:groupings wards:grouping wards:grouping-edit wards:grouping-assign wards:group-edit"""),
    ("post", Rule("approving", 302, writes=True), "wards:group-remove"),
    # Those who manage accounts and units.
    ("get", Rule("managing"), """
        accounts:list accounts:create accounts:edit accounts:hand-over
        office:add office:edit office:signatory-add office:signatory-edit
        wards:create wards:edit wards:predecessors wards:district-create wards:district-edit"""),
    ("post", Rule("managing"), """
        accounts:create accounts:edit accounts:hand-over
        office:add office:edit office:signatory-add office:signatory-edit
        wards:create wards:edit wards:predecessors wards:district-create wards:district-edit"""),
    ("post", Rule("managing", 404), "wards:predecessor-remove"),
    ("post", Rule("managing", hidden_from="strangers"), "wards:contact"),
    ("post", Rule("managing", writes=True), "accounts:new-password"),
    ("get", Rule("managing"), "imports:start imports:template imports:detail imports:errors imports:copy"),
    ("post", Rule("managing"), "imports:start"),
    ("post", Rule("managing", 302), """
        accounts:first-links-send accounts:slips imports:answer imports:check imports:confirm"""),
    ("post", Rule("managing", 302, writes=True), "imports:drop"),
    # A job is its orderer's, and of those who look after the portal.
    ("get", Rule("managing", hidden_from="results"), "jobs:detail jobs:state"),
    # Its file is for nobody else, and there is none where it made none.
    ("get", Rule("managing", 404, hidden_from="results"), "jobs:file"),
    ("post", Rule("managing", 302, hidden_from="results"), "jobs:cancel"),
]  # fmt: skip


def rules_by_place() -> dict[str, dict[str, Rule]]:
    """Return the rules of each place by method, `get` before `post`; a place is an address and a unit."""
    rules: dict[str, dict[str, Rule]] = {}
    for method, rule, places in sorted(ROWS, key=lambda row: row[0]):
        for place in places.split():
            assert method not in rules.setdefault(place, {}), f"{method} {place} has two rows"
            rules[place][method] = rule
    return rules


MATRIX = rules_by_place()
