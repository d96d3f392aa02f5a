package io.statehouse.cluster.chaos;

import io.statehouse.cluster.chaos.cases.Registry;
import io.statehouse.cluster.chaos.report.HtmlReport;
import io.statehouse.cluster.chaos.scenario.ChaosCase;
import io.statehouse.cluster.chaos.verdict.Judge;
import io.statehouse.cluster.chaos.verdict.Judgement;
import io.statehouse.cluster.chaos.verdict.Ruling.Grade;
import io.statehouse.cluster.check.history.History;
import io.statehouse.cluster.check.history.HistoryReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a run left, judged: nothing but the files in its directory is looked at.
 *
 * @param figures how much there was to judge
 * @param report the page it was written to
 */
record RunRecord(ChaosCase subject, Judgement judgement, Figures figures, Path report) {
    private static final String REPORT = "report.html";
    private static final String VERDICT = "verdict.txt";

    /** Judges what lies in a directory, and writes verdict and report beside it. */
    static RunRecord judge(Path directory) throws IOException {
        History history = HistoryReader.read(directory);
        ChaosCase subject = Registry.of(history.settings().getOrDefault(CaseRun.CASE, "of a run that names none"));
        Judgement judgement = Judge.judge(history, subject.acceptances());
        Path report = directory.resolve(REPORT);
        Files.writeString(report, HtmlReport.of(subject.id(), subject.title(), history, judgement));
        Files.writeString(directory.resolve(VERDICT), judgement.text());
        return new RunRecord(subject, judgement, Figures.of(history, judgement), report);
    }

    boolean isPass() {
        return judgement.grade() == Grade.PASS;
    }
}
