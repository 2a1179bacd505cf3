/** The commands: what their options mean and how they are refused. */
package org.mixdyn.bench.command;
