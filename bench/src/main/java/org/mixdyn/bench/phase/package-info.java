/** The phase diagram: a grid of widths and variances, its points side by side over the cores, its files and pictures. */
package org.mixdyn.bench.phase;
