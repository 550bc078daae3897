package org.millrace.engine.plan;

import java.util.Arrays;

/** The fragment of each server, while a plan is made. Used again for the next one. */
public final class FragmentsByServer {
    /** Of a server that has none yet. */
    public static final int NONE = -1;

    private int[] fragments = new int[16];

    /** No server has a fragment. */
    public FragmentsByServer() {
        Arrays.fill(fragments, NONE);
    }

    /** The fragment of a server, or {@link #NONE}. */
    public int of(int server) {
        return server < fragments.length ? fragments[server] : NONE;
    }

    /** Adds a fragment to the plan, which is the server's from now on. */
    public int add(FragmentedPlan plan, int server) {
        if (server >= fragments.length) {
            int size = fragments.length;
            fragments = Arrays.copyOf(fragments, Math.max(server + 1, size * 2));
            Arrays.fill(fragments, size, fragments.length, NONE);
        }
        fragments[server] = plan.addFragment(server);
        return fragments[server];
    }

    /** Forgets the plan: all its fragments are known. */
    public void clear(FragmentedPlan plan) {
        for (int i = 0; i < plan.fragmentCount(); i++) {
            fragments[plan.server(i)] = NONE;
        }
    }
}
