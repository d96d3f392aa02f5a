package io.statehouse.node.shipped;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A place in a file that holds YAML, or JSON, which is YAML too.
 *
 * @param path where it is, for the message of a test that fails
 */
record Yaml(String path, @Nullable Object value) {
    /** Every document of a file, after its text was altered. */
    static List<Yaml> read(Path file, UnaryOperator<String> alter) {
        try {
            var parser = new org.yaml.snakeyaml.Yaml(new SafeConstructor(new LoaderOptions()));
            List<Yaml> documents = new ArrayList<>();
            parser.loadAll(alter.apply(Files.readString(file)))
                    .forEach(
                            document -> documents.add(new Yaml(file.getFileName() + "#" + documents.size(), document)));
            return documents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Yaml> read(Path file) {
        return read(file, text -> text);
    }

    /** What is found along names of fields. */
    Yaml at(String... names) {
        Yaml place = this;
        for (String name : names) {
            if (!(place.value instanceof Map<?, ?> fields) || !fields.containsKey(name)) {
                throw new AssertionError(place.path + " has no " + name);
            }
            place = new Yaml(place.path + "." + name, fields.get(name));
        }
        return place;
    }

    boolean has(String name) {
        return value instanceof Map<?, ?> fields && fields.containsKey(name);
    }

    /** The items of a list. */
    List<Yaml> items() {
        if (!(value instanceof List<?> list)) {
            throw new AssertionError(path + " is no list");
        }
        List<Yaml> items = new ArrayList<>();
        list.forEach(item -> items.add(new Yaml(path + "[" + items.size() + "]", item)));
        return items;
    }

    /** The item of a list whose name is given. */
    Yaml named(String name) {
        return items().stream()
                .filter(item -> item.at("name").text().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(path + " has no item " + name));
    }

    /** The fields, as text, in their order. */
    Map<String, String> texts() {
        if (!(value instanceof Map<?, ?> fields)) {
            throw new AssertionError(path + " has no fields");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        fields.forEach((name, text) -> texts.put(String.valueOf(name), String.valueOf(text)));
        return texts;
    }

    String text() {
        return String.valueOf(value);
    }

    /** Every value of a field of this name, wherever it is below. */
    Stream<String> all(String name) {
        if (value instanceof Map<?, ?> fields) {
            return fields.entrySet().stream()
                    .flatMap(field -> name.equals(field.getKey()) && field.getValue() instanceof String text
                            ? Stream.of(text)
                            : new Yaml(path, field.getValue()).all(name));
        }
        return value instanceof List<?> list
                ? list.stream().flatMap(item -> new Yaml(path, item).all(name))
                : Stream.empty();
    }
}
