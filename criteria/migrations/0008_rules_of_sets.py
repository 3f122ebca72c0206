"""Give sets their rules: sections, kinds of leaves, options, steps, bars, bases and crosswalks.

Rows that are there keep their meaning: a column that nobody answers with met or not met is a fact,
also in a set in use.
"""

import django.db.models.deletion
from decimal import Decimal
from django.db import migrations, models

from criteria import guard


def name_facts(apps, schema_editor):
    # Sets in use are guarded; the guard is put up again after the migrations.
    guard.take_down(schema_editor.connection)
    apps.get_model("criteria", "Criterion").objects.filter(has_outcome=False).update(kind="fact")


class Migration(migrations.Migration):

    dependencies = [
        ('criteria', '0007_recommendations'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
            ],
            options={
                'verbose_name': 'rule that bars higher bands',
                'ordering': ['criteria_set', 'position'],
            },
        ),
        migrations.CreateModel(
            name='BarCondition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(blank=True, choices=[('met', 'Met'), ('not_met', 'Not met'), ('not_applicable', 'Not applicable'), ('partly', 'Partly met'), ('not_shown', 'Could not be shown'), ('excused', 'Excused for an objective reason')], max_length=15, verbose_name='answer')),
            ],
            options={
                'verbose_name': 'condition of a rule that bars higher bands',
                'ordering': ['bar', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Crossing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('relation', models.CharField(choices=[('same', 'the same'), ('reworded', 'reworded'), ('split', 'split'), ('merged', 'merged'), ('new', 'new'), ('dropped', 'dropped')], max_length=10, verbose_name='relation')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
            ],
            options={
                'verbose_name': 'line of a crosswalk',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Option',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('text', models.CharField(max_length=300, verbose_name='words of the option')),
                ('points', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='points')),
            ],
            options={
                'verbose_name': 'option of a choice',
                'ordering': ['criterion', 'position'],
            },
        ),
        migrations.CreateModel(
            name='RatioStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lower_percent', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='from (percent)')),
                ('points', models.DecimalField(decimal_places=2, max_digits=6, verbose_name='points')),
            ],
            options={
                'verbose_name': 'step of a ratio',
                'ordering': ['criterion', '-lower_percent'],
            },
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('number', models.CharField(blank=True, max_length=12, verbose_name='printed number')),
                ('title', models.CharField(max_length=300, verbose_name='title of the section')),
                ('title_en', models.CharField(blank=True, max_length=300)),
                ('points', models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True, verbose_name='announced points')),
            ],
            options={
                'verbose_name': 'section',
                'ordering': ['criteria_set', 'position'],
            },
        ),
        migrations.CreateModel(
            name='SetBasis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('articles', models.CharField(blank=True, max_length=120, verbose_name='articles')),
            ],
            options={
                'verbose_name': 'legal basis of a set',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SetKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('phuong', 'Phường'), ('xa', 'Xã'), ('thi_tran', 'Thị trấn'), ('dac_khu', 'Đặc khu'), ('so', 'Sở'), ('ban', 'Ban'), ('co_quan', 'Cơ quan khác'), ('su_nghiep', 'Đơn vị sự nghiệp')], max_length=10, verbose_name='kind of unit')),
            ],
            options={
                'verbose_name': 'kind of unit of a set',
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='band',
            name='lower_points',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True),
        ),
        migrations.AddField(
            model_name='band',
            name='upper_points',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True),
        ),
        migrations.AddField(
            model_name='criteriaset',
            name='allows_excused',
            field=models.BooleanField(default=False, verbose_name='allows the answer “excused”'),
        ),
        migrations.AddField(
            model_name='criteriaset',
            name='allows_not_shown',
            field=models.BooleanField(default=False, verbose_name='allows the answer “could not be shown”'),
        ),
        migrations.AddField(
            model_name='criteriaset',
            name='announced_total',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True, verbose_name='announced total'),
        ),
        migrations.AddField(
            model_name='criteriaset',
            name='bands_by',
            field=models.CharField(choices=[('percent', 'percent of the points that can be reached'), ('points', 'points')], default='percent', max_length=10, verbose_name='bands by'),
        ),
        migrations.AddField(
            model_name='criteriaset',
            name='bonus_cap',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True, verbose_name='most bonus points'),
        ),
        migrations.AddField(
            model_name='criteriaset',
            name='deduction_cap',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True, verbose_name='most points that can be deducted'),
        ),
        migrations.AddField(
            model_name='criteriaset',
            name='not_applicable_counts',
            field=models.CharField(choices=[('left_out', 'is left out of the points that can be reached'), ('full', 'earns the full points')], default='left_out', max_length=10, verbose_name='a criterion that does not apply'),
        ),
        migrations.AddField(
            model_name='criteriaset',
            name='replaces',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successors', to='criteria.criteriaset', verbose_name='replaces'),
        ),
        migrations.AddField(
            model_name='criterion',
            name='check_way',
            field=models.CharField(blank=True, choices=[('', 'not laid down'), ('on_site', 'on site'), ('documents', 'by documents'), ('data', 'by data')], max_length=10, verbose_name='way of checking'),
        ),
        migrations.AddField(
            model_name='criterion',
            name='deadline',
            field=models.DateField(blank=True, null=True, verbose_name='deadline'),
        ),
        migrations.AddField(
            model_name='criterion',
            name='evidence_needed',
            field=models.TextField(blank=True, verbose_name='documents to be shown'),
        ),
        migrations.AddField(
            model_name='criterion',
            name='kind',
            field=models.CharField(choices=[('met', 'met or not'), ('choice', 'choice'), ('part', 'points up to a maximum'), ('ratio', 'ratio in steps'), ('measure', 'count or measure with a threshold'), ('date', 'date with a deadline'), ('parts', 'parts that add up'), ('fact', 'fact, not scored')], default='met', max_length=10, verbose_name='way of scoring'),
        ),
        migrations.AddField(
            model_name='criterion',
            name='printed_number',
            field=models.CharField(blank=True, max_length=12, verbose_name='printed number'),
        ),
        migrations.AddField(
            model_name='criterion',
            name='sign',
            field=models.CharField(blank=True, choices=[('', 'points'), ('deduction', 'deduction'), ('bonus', 'bonus')], max_length=10, verbose_name='deduction or bonus'),
        ),
        migrations.AddField(
            model_name='criterion',
            name='threshold',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=9, null=True, verbose_name='threshold'),
        ),
        migrations.AddField(
            model_name='criterion',
            name='threshold_rule',
            field=models.CharField(choices=[('at_least', 'at least'), ('at_most', 'at most')], default='at_least', max_length=10, verbose_name='rule of the threshold'),
        ),
        migrations.AlterField(
            model_name='band',
            name='lower_percent',
            field=models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=5),
        ),
        migrations.AlterField(
            model_name='criteriaset',
            name='status',
            field=models.CharField(choices=[('draft', 'draft set'), ('proposed', 'proposed'), ('in_force', 'in force'), ('replaced', 'replaced')], default='proposed', max_length=10, verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='criterion',
            name='group',
            field=models.CharField(max_length=300, verbose_name='section'),
        ),
        migrations.AlterField(
            model_name='criterion',
            name='group_en',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AlterField(
            model_name='criterion',
            name='legal_basis',
            field=models.CharField(blank=True, max_length=1000, verbose_name='legal basis'),
        ),
        migrations.AlterField(
            model_name='criterion',
            name='name',
            field=models.CharField(max_length=1000, verbose_name='full name'),
        ),
        migrations.AlterField(
            model_name='criterion',
            name='name_en',
            field=models.CharField(blank=True, max_length=1000),
        ),
        migrations.AddConstraint(
            model_name='band',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lower_points__isnull', True), ('upper_points__isnull', True)), models.Q(('lower_points__gte', 0), ('upper_points__isnull', True)), models.Q(('lower_points__gte', 0), ('upper_points__gt', models.F('lower_points'))), _connector='OR'), name='band_points', violation_error_message='The upper bound of a band must lie above its lower bound.'),
        ),
        migrations.AddConstraint(
            model_name='criteriaset',
            constraint=models.CheckConstraint(condition=models.Q(('bands_by__in', ['percent', 'points']), ('not_applicable_counts__in', ['left_out', 'full'])), name='criteria_set_rules'),
        ),
        migrations.AddConstraint(
            model_name='criteriaset',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('announced_total__isnull', True), ('announced_total__gt', 0), _connector='OR'), models.Q(('deduction_cap__isnull', True), ('deduction_cap__gt', 0), _connector='OR'), models.Q(('bonus_cap__isnull', True), ('bonus_cap__gt', 0), _connector='OR')), name='criteria_set_limits', violation_error_message='A total and a limit of points lie above zero.'),
        ),
        migrations.AddConstraint(
            model_name='criteriaset',
            constraint=models.CheckConstraint(condition=models.Q(('replaces__isnull', True), models.Q(('replaces', models.F('id')), _negated=True), _connector='OR'), name='criteria_set_replaces_another', violation_error_message='A set does not replace itself.'),
        ),
        migrations.AddField(
            model_name='bar',
            name='criteria_set',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bars', to='criteria.criteriaset'),
        ),
        migrations.AddField(
            model_name='bar',
            name='highest_band',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bars', to='criteria.band', verbose_name='highest band that can be reached'),
        ),
        migrations.AddField(
            model_name='barcondition',
            name='bar',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conditions', to='criteria.bar'),
        ),
        migrations.AddField(
            model_name='barcondition',
            name='criteria_set',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bar_conditions', to='criteria.criteriaset'),
        ),
        migrations.AddField(
            model_name='barcondition',
            name='criterion',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bar_conditions', to='criteria.criterion', verbose_name='criterion'),
        ),
        migrations.AddField(
            model_name='crossing',
            name='criteria_set',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='crossings', to='criteria.criteriaset'),
        ),
        migrations.AddField(
            model_name='crossing',
            name='new_criterion',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='crossings_from', to='criteria.criterion', verbose_name='criterion now'),
        ),
        migrations.AddField(
            model_name='crossing',
            name='old_criterion',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='crossings_to', to='criteria.criterion', verbose_name='criterion before'),
        ),
        migrations.AddField(
            model_name='option',
            name='criteria_set',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='options', to='criteria.criteriaset'),
        ),
        migrations.AddField(
            model_name='option',
            name='criterion',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='options', to='criteria.criterion', verbose_name='criterion'),
        ),
        migrations.AddField(
            model_name='barcondition',
            name='option',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bar_conditions', to='criteria.option', verbose_name='option'),
        ),
        migrations.AddField(
            model_name='ratiostep',
            name='criteria_set',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratio_steps', to='criteria.criteriaset'),
        ),
        migrations.AddField(
            model_name='ratiostep',
            name='criterion',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='criteria.criterion', verbose_name='criterion'),
        ),
        migrations.AddField(
            model_name='section',
            name='criteria_set',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sections', to='criteria.criteriaset'),
        ),
        migrations.AddField(
            model_name='section',
            name='parent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='criteria.section', verbose_name='under the section'),
        ),
        migrations.AddField(
            model_name='criterion',
            name='section',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to='criteria.section', verbose_name='section'),
        ),
        migrations.RunPython(name_facts, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('has_outcome', False), ('is_counted', False), ('kind__in', ['fact', 'parts'])), models.Q(('has_outcome', True), ('kind__in', ['met', 'choice', 'part', 'ratio', 'measure', 'date'])), _connector='OR'), name='criterion_kind', violation_error_message='A fact and a sum of parts are not answered; every other kind is.'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.CheckConstraint(condition=models.Q(('sign__in', ['', 'deduction', 'bonus']), ('check_way__in', ['', 'on_site', 'documents', 'data']), ('threshold_rule__in', ['at_least', 'at_most'])), name='criterion_choices'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.CheckConstraint(condition=models.Q(('points__gte', 0)), name='criterion_points', violation_error_message='Points cannot be negative. Choose “deduction” for points to be taken off.'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.CheckConstraint(condition=models.Q(('parent__isnull', True), models.Q(('parent', models.F('id')), _negated=True), _connector='OR'), name='criterion_not_part_of_itself', violation_error_message='A criterion is no part of itself.'),
        ),
        migrations.AddField(
            model_name='setbasis',
            name='act',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='set_bases', to='criteria.legalact', verbose_name='legal act'),
        ),
        migrations.AddField(
            model_name='setbasis',
            name='criteria_set',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bases', to='criteria.criteriaset'),
        ),
        migrations.AddField(
            model_name='setkind',
            name='criteria_set',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kinds', to='criteria.criteriaset'),
        ),
        migrations.AddConstraint(
            model_name='bar',
            constraint=models.UniqueConstraint(fields=('criteria_set', 'position'), name='bar_position'),
        ),
        migrations.AddConstraint(
            model_name='crossing',
            constraint=models.UniqueConstraint(fields=('criteria_set', 'old_criterion', 'new_criterion'), name='crossing_once', violation_error_message='The crosswalk has this line already.'),
        ),
        migrations.AddConstraint(
            model_name='crossing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('new_criterion__isnull', False), ('old_criterion__isnull', True), ('relation', 'new')), models.Q(('new_criterion__isnull', True), ('old_criterion__isnull', False), ('relation', 'dropped')), models.Q(('new_criterion__isnull', False), ('old_criterion__isnull', False), ('relation__in', ['same', 'reworded', 'split', 'merged'])), _connector='OR'), name='crossing_sides', violation_error_message='A new criterion has none before it, a dropped one none after it; every other line has both.'),
        ),
        migrations.AddConstraint(
            model_name='option',
            constraint=models.UniqueConstraint(fields=('criterion', 'position'), name='option_position'),
        ),
        migrations.AddConstraint(
            model_name='option',
            constraint=models.UniqueConstraint(fields=('criterion', 'text'), name='option_text', violation_error_message='This criterion has an option with these words already.'),
        ),
        migrations.AddConstraint(
            model_name='option',
            constraint=models.CheckConstraint(condition=models.Q(('points__gte', 0)), name='option_points', violation_error_message='Points of an option cannot be negative.'),
        ),
        migrations.AddConstraint(
            model_name='barcondition',
            constraint=models.UniqueConstraint(fields=('bar', 'criterion'), name='bar_condition_once'),
        ),
        migrations.AddConstraint(
            model_name='barcondition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('option__isnull', False), ('outcome', '')), models.Q(('option__isnull', True), ('outcome__in', ['met', 'not_met', 'not_applicable', 'partly', 'not_shown', 'excused'])), _connector='OR'), name='bar_condition_answer', violation_error_message='Choose the answer that bars the higher bands.'),
        ),
        migrations.AddConstraint(
            model_name='ratiostep',
            constraint=models.UniqueConstraint(fields=('criterion', 'lower_percent'), name='ratio_step_once', violation_error_message='This criterion has a step from this percentage on already.'),
        ),
        migrations.AddConstraint(
            model_name='ratiostep',
            constraint=models.CheckConstraint(condition=models.Q(('lower_percent__gte', 0), ('lower_percent__lte', 100), ('points__gte', 0)), name='ratio_step_bounds', violation_error_message='A step begins between 0 and 100 percent; its points are not negative.'),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.UniqueConstraint(fields=('criteria_set', 'position'), name='section_position'),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.CheckConstraint(condition=models.Q(('parent__isnull', True), models.Q(('parent', models.F('id')), _negated=True), _connector='OR'), name='section_not_under_itself', violation_error_message='A section does not lie under itself.'),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.CheckConstraint(condition=models.Q(('points__isnull', True), ('points__gt', 0), _connector='OR'), name='section_points', violation_error_message='Points lie above zero.'),
        ),
        migrations.AddConstraint(
            model_name='setbasis',
            constraint=models.UniqueConstraint(fields=('criteria_set', 'act'), name='set_basis_once', violation_error_message='This set names the act already.'),
        ),
        migrations.AddConstraint(
            model_name='setkind',
            constraint=models.UniqueConstraint(fields=('criteria_set', 'kind'), name='set_kind_once'),
        ),
    ]
