package io.statehouse.statemachine.json;

import java.math.BigInteger;

/**
 * A JSON number by its value: sign, significant digits without zeros at either end, power of ten. Equal numbers are equal
 * records, however long their digits or large their exponents: nothing is expanded.
 */
record Decimal(boolean isNegative, String digits, BigInteger exponent) {
    private static final Decimal ZERO = new Decimal(false, "", BigInteger.ZERO);

    static Decimal of(String text) {
        boolean isNegative = text.startsWith("-");
        int start = isNegative ? 1 : 0;
        int exponentAt = indexOfExponent(text);
        String mantissa = text.substring(start, exponentAt);
        int point = mantissa.indexOf('.');
        int fractionLength = point < 0 ? 0 : mantissa.length() - point - 1;
        String all = point < 0 ? mantissa : mantissa.substring(0, point) + mantissa.substring(point + 1);

        int first = 0;
        while (first < all.length() && all.charAt(first) == '0') {
            first++;
        }
        int last = all.length();
        while (last > first && all.charAt(last - 1) == '0') {
            last--;
        }
        if (first == last) {
            return ZERO;
        }
        BigInteger written = exponentAt == text.length()
                ? BigInteger.ZERO
                : new BigInteger(withoutPlus(text.substring(exponentAt + 1)));
        BigInteger exponent = written.add(BigInteger.valueOf((long) all.length() - last - fractionLength));
        return new Decimal(isNegative, all.substring(first, last), exponent);
    }

    private static int indexOfExponent(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 'e' || c == 'E') {
                return i;
            }
        }
        return text.length();
    }

    private static String withoutPlus(String exponent) {
        return exponent.startsWith("+") ? exponent.substring(1) : exponent;
    }
}
