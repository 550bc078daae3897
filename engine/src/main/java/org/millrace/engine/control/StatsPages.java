package org.millrace.engine.control;

/** What the stats port shows. Its thread asks. */
public interface StatsPages {
    /** twemproxy's JSON: what is told to whoever says nothing, and at {@code /} and {@code /stats}. */
    String json();

    /**
     * What else there is.
     *
     * @param path   what is asked for
     * @param accept the media types that are wanted; empty if that was not said
     * @return null if there is nothing at this path
     */
    default Page page(String path, String accept) {
        return null;
    }

    /**
     * A page.
     *
     * @param status of HTTP, with its reason
     * @param type   media type
     * @param text   all of it
     */
    record Page(String status, String type, String text) {
    }
}
