package org.millrace.engine.kit;

/** How the halves of a lane under test are stepped. */
public enum LaneMode {
    /** Both on one transport, one after the other in each turn. */
    FUSED,
    /** Each on its own transport and arena, in turns of their own. */
    SPLIT
}
