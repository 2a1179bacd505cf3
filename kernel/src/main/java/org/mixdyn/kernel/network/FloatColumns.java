package org.mixdyn.kernel.network;

/**
 * A matrix of few columns with one row for each unit of a layer, such as the product of all weights below it.
 *
 * @param elements row-major, rows stride apart; whole vectors may be read past the last column
 * @param columns  of the matrix
 * @param stride   at least columns
 */
public record FloatColumns(float[] elements, int columns, int stride) {
}
