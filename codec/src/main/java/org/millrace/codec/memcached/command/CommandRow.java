package org.millrace.codec.memcached.command;

import java.util.Map;

/**
 * One line of the table.
 *
 * @param name      in lower case
 * @param family    its kind
 * @param firstKey  number of the word that is the first key, or -1
 * @param manyKeys  all words behind the first key are keys too
 * @param wordsMin  fewest words, the name included
 * @param wordsMax  most words
 * @param fields    numbers of the words that are fields
 * @param quiet     bits of the replies that the flag q keeps back
 * @param treatment what the proxy does
 * @param merge     how several replies become one
 * @param replies   bits of the replies that fit
 * @param tooFew    what is said to too few words
 * @param tooMany   what is said to too many words
 * @param reason    why it is refused, or empty
 */
record CommandRow(String name, Family family, int firstKey, boolean manyKeys, int wordsMin, int wordsMax,
    Map<Field, Integer> fields, int quiet, Treatment treatment, MergeRule merge, int replies, Fault tooFew,
    Fault tooMany, String reason) {
}
