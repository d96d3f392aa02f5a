package io.statehouse.cluster.mutant;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reaches what the product keeps to itself; only a break may. */
final class Private {
    private Private() {}

    static @Nullable Object get(Object owner, String field) throws ReflectiveOperationException {
        return field(owner, field).get(owner);
    }

    static void set(Object owner, String field, @Nullable Object value) throws ReflectiveOperationException {
        field(owner, field).set(owner, value);
    }

    private static Field field(Object owner, String name) throws NoSuchFieldException {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    /** Calls a method by its name, wherever in the type's ancestry it is declared. */
    static @Nullable Object call(Class<?> type, Object owner, String name, @Nullable Object... arguments)
            throws ReflectiveOperationException {
        Method method = Arrays.stream(type.getMethods())
                .filter(each -> each.getName().equals(name) && each.getParameterCount() == arguments.length)
                .findFirst()
                .orElseThrow(() -> new NoSuchMethodException(type.getName() + "." + name));
        method.setAccessible(true);
        try {
            return method.invoke(owner, arguments);
        } catch (InvocationTargetException e) {
            throw new ReflectiveOperationException(e.getCause());
        }
    }
}
