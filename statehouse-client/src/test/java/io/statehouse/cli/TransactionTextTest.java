package io.statehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransactionTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|must be a JSON object",
                "{|not one JSON value",
                "{\"operation\":[]}|no field 'operation'",
                "{\"operations\":{}}|operations must be a JSON array",
                "{\"operations\":[1]}|an operation must be a JSON object",
                "{\"operations\":[{\"key\":\"k\",\"value\":1}]}|needs agent_id and key",
                "{\"operations\":[{\"agent_id\":\"a\",\"key\":\"k\"}]}|either a value or",
                "{\"operations\":[{\"agent_id\":\"a\",\"key\":\"k\",\"value\":1,\"delete\":true}]}|either a value or",
                "{\"operations\":[{\"agent_id\":\"a\",\"key\":\"k\",\"delete\":false}]}|either a value or",
                "{\"operations\":[{\"agent_id\":1,\"key\":\"k\",\"value\":1}]}|agent_id must be a string",
                "{\"conditions\":[{\"agent_id\":\"a\",\"key\":\"k\"}]}|one of version_equals",
                "{\"conditions\":[{\"agent_id\":\"a\",\"key\":\"k\",\"version\":1}]}|no field 'version'",
                "{\"conditions\":[{\"agent_id\":\"a\",\"key\":\"k\",\"version_equals\":1.5}]}|must be a whole number",
                "{\"conditions\":[{\"agent_id\":\"a\",\"key\":\"k\",\"exists\":1}]}|exists must be true or false",
                "{\"read_set\":[{\"agent_id\":\"a\",\"key\":\"k\"}]}|version must be a whole number",
                "{\"labels\":{\"a\":1}}|a must be a string",
                "{\"actor\":\"a\",\"actor\":\"b\"}|'actor' twice",
            })
    void whatIsNoTransactionIsRefusedByTheNameOfItsField(String text, String words) {
        assertThatThrownBy(() -> TransactionText.parse(text))
                .isInstanceOf(Complaint.class)
                .hasMessageContaining(words);
    }

    @Test
    void aTransactionMayBeEmpty() {
        assertThat(TransactionText.parse(" {} ").size()).isZero();
    }

    @Test
    void aValueNullIsAValueAndNoDelete() {
        var commit = TransactionText.parse(
                "{\"txn_id\":\"t\",\"operations\":[{\"agent_id\":\"a\",\"key\":\"k\",\"value\":null}]}");

        assertThat(commit.size()).isEqualTo(1);
        assertThat(commit.id()).isEqualTo("t");
    }
}
