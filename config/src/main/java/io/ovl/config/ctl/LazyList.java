package io.ovl.config.ctl;

import java.util.AbstractList;
import java.util.List;
import java.util.function.Function;

/**
 * A list of what a function makes of each element of another, made when it is asked for and not kept: of thousands of
 * rows that are written one after the other there is one at a time.
 *
 * <p>Thread: as the other list.
 */
public final class LazyList<S, T> extends AbstractList<T> {
    private final List<S> sources;
    private final Function<? super S, ? extends T> function;

    public LazyList(List<S> sources, Function<? super S, ? extends T> function) {
        this.sources = sources;
        this.function = function;
    }

    @Override
    public T get(int index) {
        return function.apply(sources.get(index));
    }

    @Override
    public int size() {
        return sources.size();
    }
}
