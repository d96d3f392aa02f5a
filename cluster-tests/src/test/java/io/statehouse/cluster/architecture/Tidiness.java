package io.statehouse.cluster.architecture;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** What a source file must be like to be read with pleasure; says in sentences where it is not. */
final class Tidiness extends TreePathScanner<@Nullable Void, @Nullable Void> {
    static final int FILE_LINES_MAX = 400;
    static final int METHOD_LINES_MAX = 50;
    static final int PARAMETERS_MAX = 5;
    private static final Pattern POSTPONED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");
    private static final Pattern SUPPRESSION = Pattern.compile("^\\s*@SuppressWarnings\\([^)]*\\)\\s*$");

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
    // One for all: opening the JDK's own classes anew for each file would take most of the time.
    private static final JavaFileManager FILES = COMPILER.getStandardFileManager(null, null, null);

    private final CompilationUnitTree unit;
    private final Trees trees;
    private final SourceFile file;
    private final List<String> complaints = new ArrayList<>();

    private Tidiness(CompilationUnitTree unit, Trees trees, SourceFile file) {
        this.unit = unit;
        this.trees = trees;
        this.file = file;
    }

    /** Everything that is untidy in a file, each with its place. */
    static List<String> complaints(SourceFile file) {
        try {
            var task = (JavacTask) COMPILER.getTask(
                    null, FILES, diagnostic -> {}, List.of("-proc:none"), null, List.of(inMemory(file)));
            var scan = new Tidiness(task.parse().iterator().next(), Trees.instance(task), file);
            scan.lines();
            scan.scan(scan.unit, null);
            return List.copyOf(scan.complaints);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void lines() {
        var lines = file.text().lines().toList();
        if (lines.size() > FILE_LINES_MAX) {
            complain(lines.size(), "the file has " + lines.size() + " lines; at most " + FILE_LINES_MAX);
        }
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            if (line.indexOf('\t') >= 0) {
                complain(i + 1, "a tab");
            }
            if (POSTPONED.matcher(line).find()) {
                complain(i + 1, "work put off; do it or file it");
            }
            if (SUPPRESSION.matcher(line).matches()
                    && (i == 0 || !lines.get(i - 1).strip().startsWith("//"))) {
                complain(i + 1, "a warning is suppressed without a reason beside it");
            }
        }
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
        boolean isShipped = !file.isTest() && type.getModifiers().getFlags().contains(Modifier.PUBLIC);
        if (isShipped && !opensWithASentence()) {
            complain(
                    lineOf(type), "the public type " + type.getSimpleName() + " does not say its idea in one sentence");
        }
        return super.visitClass(type, null);
    }

    private boolean opensWithASentence() {
        var comment = trees.getDocComment(getCurrentPath());
        return comment != null && comment.strip().matches("(?s)(?!@).{8,}");
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
        long first = lineOf(method);
        long last = unit.getLineMap().getLineNumber(trees.getSourcePositions().getEndPosition(unit, method));
        if (last - first + 1 > METHOD_LINES_MAX) {
            complain(first, method.getName() + " has " + (last - first + 1) + " lines; at most " + METHOD_LINES_MAX);
        }
        int parameters = method.getParameters().size();
        if (parameters > PARAMETERS_MAX && !isCanonicalConstructor(method)) {
            complain(first, method.getName() + " has " + parameters + " parameters; at most " + PARAMETERS_MAX);
        }
        return super.visitMethod(method, null);
    }

    // Components of a record do not count, and a compact constructor repeats them in the tree.
    private boolean isCanonicalConstructor(MethodTree method) {
        var holder = getCurrentPath().getParentPath().getLeaf();
        return holder instanceof ClassTree type
                && type.getKind() == com.sun.source.tree.Tree.Kind.RECORD
                && method.getName().contentEquals("<init>");
    }

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void nothing) {
        var callee = call.getMethodSelect().toString();
        if (callee.equals("Thread.sleep")) {
            complain(lineOf(call), "Thread.sleep; wait for a condition with a deadline");
        }
        boolean prints = callee.startsWith("System.out.") || callee.startsWith("System.err.");
        if (prints && file.mustBeSilent()) {
            complain(lineOf(call), callee + " outside a command line; log it or return it");
        }
        if (callee.endsWith(".printStackTrace") && file.mustBeSilent()) {
            complain(lineOf(call), "a stack trace is printed; throw it or log it");
        }
        return super.visitMethodInvocation(call, null);
    }

    private long lineOf(com.sun.source.tree.Tree tree) {
        return unit.getLineMap().getLineNumber(trees.getSourcePositions().getStartPosition(unit, tree));
    }

    private void complain(long line, String what) {
        complaints.add(file.path() + ":" + line + ": " + what);
    }

    private static JavaFileObject inMemory(SourceFile file) {
        return new SimpleJavaFileObject(URI.create("memory:///Source.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return file.text();
            }
        };
    }
}
