from django.urls import path

from criteria.inspections.views import official_papers, plan_approvals

urlpatterns = [
    path("dot-kiem-tra/<slug:code>/ho-so/", official_papers.papers, name="round-papers"),
    path("dot-kiem-tra/<slug:code>/ho-so/tat-ca/", official_papers.all_papers, name="round-papers-all"),
    path("dot-kiem-tra/<slug:code>/ho-so/phe-duyet/", plan_approvals.plan_approval, name="plan-approval"),
    path(
        "dot-kiem-tra/<slug:code>/ho-so/phe-duyet/<int:pk>/tai/",
        plan_approvals.plan_approval_file,
        name="plan-approval-file",
    ),
    path("dot-kiem-tra/<slug:code>/ho-so/<int:pk>/", official_papers.paper, name="round-paper"),
    path("dot-kiem-tra/<slug:code>/ho-so/<int:pk>/word/", official_papers.word, name="round-paper-word"),
    path("dot-kiem-tra/<slug:code>/ho-so/<int:pk>/tep/", official_papers.kept_file, name="round-paper-file"),
    path("phieu/<int:pk>/ho-so/", official_papers.unit_file, name="unit-file"),
]
