import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import org.javarosa.core.model.CoreModelModule;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.FormIndex;
import org.javarosa.core.model.SelectChoice;
import org.javarosa.core.model.data.BooleanData;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.data.StringData;
import org.javarosa.core.model.data.UncastData;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.core.services.storage.StorageManager;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.form.api.FormEntryPrompt;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.util.XFormAnswerDataParser;
import org.javarosa.xform.util.XFormUtils;

/**
 * Does with JavaRosa what it is told, a line each, cells with a tab between: `form PATH`,
 * `set PATH VALUE`, `add PATH`, `walk`, `choices PATH`, `get PATH`, `begin`, `end NAME`. Each `get` is answered with a
 * line: the value, or `!` and what went wrong. Between `begin` and `end` time is taken.
 */
public final class JavaRosa {
    private static FormDef form;
    private static FormEntryController controller;
    /** The repeat that was added to last, and where it stands. */
    private static String added;
    private static final Map<String, FormIndex> questions = new HashMap<>();
    /** Once something failed, the rest of this form is not asked. */
    private static String failed;

    public static void main(String[] args) throws Exception {
        StorageManager.setStorageFactory((name, type) -> null);
        new CoreModelModule().registerModule();
        new XFormsModule().registerModule();
        PrintStream answers = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), false, "UTF-8");
        // What the library tells of itself is no answer.
        System.setOut(System.err);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        long began = 0;
        for (String line; (line = lines.readLine()) != null; ) {
            String[] cells = line.split("\t", -1);
            if (cells[0].equals("begin")) {
                began = System.nanoTime();
            } else if (cells[0].equals("end")) {
                answers.println(cells[1] + "\t" + (System.nanoTime() - began));
            } else {
                String answer = answer(cells);
                if (cells[0].equals("get")) {
                    answers.println(answer.replace("\\", "\\\\").replace("\n", "\\n"));
                }
            }
        }
        answers.flush();
    }

    private static String answer(String[] cells) {
        try {
            if (cells[0].equals("form")) {
                failed = null;
                open(cells[1]);
            } else if (failed != null) {
                return "!" + failed;
            } else if (cells[0].equals("set")) {
                set(cells[1], cells[2]);
            } else if (cells[0].equals("add")) {
                add(cells[1]);
            } else if (cells[0].equals("choices")) {
                choices(cells[1]);
            } else if (cells[0].equals("walk")) {
                walk();
            } else if (cells[0].equals("get")) {
                return get(cells[1]);
            }
        } catch (Throwable error) {
            failed = String.valueOf(error.getMessage()).trim();
            return "!" + failed;
        }
        return "";
    }

    private static void open(String path) throws Exception {
        try (FileInputStream file = new FileInputStream(path)) {
            form = XFormUtils.getFormFromInputStream(file);
        }
        form.initialize(true, new InstanceInitializationFactory());
        controller = new FormEntryController(new FormEntryModel(form));
        added = null;
        questions.clear();
    }

    private static TreeReference reference(String path) {
        TreeReference reference = TreeReference.rootRef();
        for (String part : path.substring(1).split("/")) {
            int bracket = part.indexOf('[');
            int place = bracket < 0 ? 1 : Integer.parseInt(part.substring(bracket + 1, part.length() - 1));
            reference.add(bracket < 0 ? part : part.substring(0, bracket), place - 1);
        }
        return reference;
    }

    private static void set(String path, String value) {
        TreeReference reference = reference(path);
        TreeElement element = form.getMainInstance().resolveReference(reference);
        IAnswerData answer = null;
        if (!value.isEmpty()) {
            answer = XFormAnswerDataParser.getAnswerData(value, element.getDataType());
            if (answer == null || answer instanceof UncastData) {
                answer = new StringData(value);
            }
        }
        form.setValue(answer, reference, true);
    }

    private static void add(String path) {
        if (path.equals(added)) {
            // Where it was left: a person stays at the end and says once more that there is one more.
            controller.jumpToNewRepeatPrompt();
            controller.newRepeat();
            return;
        }
        String wanted = reference(path).genericize().toString();
        controller.jumpToIndex(FormIndex.createBeginningOfFormIndex());
        for (int event; (event = controller.stepToNextEvent()) != FormEntryController.EVENT_END_OF_FORM; ) {
            FormIndex index = controller.getModel().getFormIndex();
            boolean isIt = event == FormEntryController.EVENT_PROMPT_NEW_REPEAT
                && index.getReference().genericize().toString().equals(wanted);
            if (isIt) {
                controller.newRepeat();
                added = path;
                return;
            }
        }
        throw new IllegalStateException("no repeat to add to: " + path);
    }

    /** The choices that a question offers now, each with its label, as a page needs them. */
    private static void choices(String path) {
        FormIndex index = questions.computeIfAbsent(path, JavaRosa::question);
        FormEntryPrompt prompt = controller.getModel().getQuestionPrompt(index);
        for (SelectChoice choice : prompt.getSelectChoices()) {
            prompt.getSelectChoiceText(choice);
        }
    }

    private static FormIndex question(String path) {
        String wanted = reference(path).toString();
        controller.jumpToIndex(FormIndex.createBeginningOfFormIndex());
        while (controller.stepToNextEvent() != FormEntryController.EVENT_END_OF_FORM) {
            FormIndex index = controller.getModel().getFormIndex();
            if (index.getReference() != null && index.getReference().toString().equals(wanted)) {
                return index;
            }
        }
        throw new IllegalStateException("no question " + path);
    }

    /** Goes through the form as Collect does: that makes counted repeats, and takes choices away. */
    private static void walk() {
        controller.jumpToIndex(FormIndex.createBeginningOfFormIndex());
        for (int event; (event = controller.stepToNextEvent()) != FormEntryController.EVENT_END_OF_FORM; ) {
            if (event == FormEntryController.EVENT_QUESTION) {
                controller.getModel().getQuestionPrompt().getSelectChoices();
            }
        }
    }

    private static String get(String path) {
        TreeElement element = form.getMainInstance().resolveReference(reference(path));
        if (element == null || !element.isRelevant()) {
            return "";
        }
        IAnswerData value = element.getValue();
        if (value instanceof BooleanData) {
            // It writes 1 and 0; what it means is the same.
            return value.getValue().toString();
        }
        return value == null ? "" : value.uncast().getString();
    }
}
