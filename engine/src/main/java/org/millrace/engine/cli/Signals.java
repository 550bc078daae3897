package org.millrace.engine.cli;

import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/**
 * Signals of the system. The JDK lets an application take them by {@code sun.misc.Signal} alone, whose use javac warns
 * of without a way to say that it is meant: hence by reflection. Under {@code -Xrs} the JVM leaves SIGHUP, SIGINT and
 * SIGTERM to the system.
 */
final class Signals {
    private Signals() {
    }

    /**
     * Runs an action, on a thread of its own, whenever a signal comes.
     *
     * @param name   without SIG
     * @param action takes the signal's number
     * @return false if the signal cannot be taken: then the system does what it always does
     */
    static boolean handle(String name, IntConsumer action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object taken = signal.getConstructor(String.class).newInstance(name);
            int number = (int) signal.getMethod("getNumber").invoke(taken);
            Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler},
                (self, method, args) -> switch (method.getName()) {
                    case "handle" -> {
                        action.accept(number);
                        yield null;
                    }
                    case "equals" -> self == args[0];
                    case "hashCode" -> System.identityHashCode(self);
                    default -> "handler of SIG" + name;
                });
            signal.getMethod("handle", signal, handler).invoke(null, taken, proxy);
            return true;
        } catch (ReflectiveOperationException e) {
            // unknown to this system, or kept by the JVM
            return false;
        }
    }
}
