package io.statehouse.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.statehouse.proto.v1.HealthRequest;
import io.statehouse.proto.v1.StatehouseServiceGrpc;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Holds the contract's names, numbers and types to the list that published clients were built from. */
class PublishedContractTest {
    private static final FileDescriptor FILE = HealthRequest.getDescriptor().getFile();

    @Test
    void everythingPublishedIsStillThereAsItWas() throws IOException {
        List<String> published = new String(golden().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();

        assertThat(actual()).containsAll(published);
        assertThat(published).hasSize(78);
    }

    @Test
    void theServiceAnswersUnderItsPublishedName() {
        assertThat(StatehouseServiceGrpc.SERVICE_NAME).isEqualTo("statehouse.v1.StatehouseService");
    }

    private static InputStream golden() {
        return Objects.requireNonNull(PublishedContractTest.class.getResourceAsStream("published-v1.txt"));
    }

    private static List<String> actual() {
        List<String> lines = new ArrayList<>();
        lines.add("file " + FILE.getName() + " " + FILE.getPackage());
        ServiceDescriptor service = FILE.findServiceByName("StatehouseService");
        service.getMethods().forEach(method -> lines.add(line(method)));
        for (Descriptor message : FILE.getMessageTypes()) {
            message.getFields().forEach(field -> lines.add(line(message, field)));
        }
        for (EnumDescriptor type : FILE.getEnumTypes()) {
            type.getValues()
                    .forEach(value ->
                            lines.add("value " + type.getName() + " " + value.getName() + " " + value.getNumber()));
        }
        return lines;
    }

    private static String line(MethodDescriptor method) {
        assertThat(method.isClientStreaming()).isFalse();
        return "rpc " + method.getName() + " " + method.getInputType().getName() + " -> "
                + (method.isServerStreaming() ? "stream " : "")
                + method.getOutputType().getName();
    }

    private static String line(Descriptor message, FieldDescriptor field) {
        return "field " + message.getName() + " " + field.getNumber() + " " + field.getName() + " " + type(field);
    }

    private static String type(FieldDescriptor field) {
        if (field.isMapField()) {
            List<FieldDescriptor> entry = field.getMessageType().getFields();
            return "map<" + scalar(entry.get(0)) + "," + scalar(entry.get(1)) + ">";
        }
        FieldDescriptorProto declared = field.toProto();
        String label = field.isRepeated() ? "repeated " : declared.getProto3Optional() ? "optional " : "";
        return label + scalar(field);
    }

    private static String scalar(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getFullName();
            case ENUM -> field.getEnumType().getFullName();
            default -> field.getType().name().toLowerCase(Locale.ROOT);
        };
    }
}
