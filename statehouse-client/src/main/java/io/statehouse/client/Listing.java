package io.statehouse.client;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * All names or entries of a range, fetched page by page, all from one consistent cut of the state.
 *
 * <p>The first page is here; later ones are fetched while iterating, and an iteration may then throw a
 * {@link StatehouseException}. Every iterator starts again at the first page and reads the same cut.
 */
public final class Listing<T> implements Iterable<T> {
    private final Page<T> first;
    private final Function<Page<T>, Page<T>> nextPage;

    Listing(Page<T> first, Function<Page<T>, Page<T>> nextPage) {
        this.first = first;
        this.nextPage = nextPage;
    }

    /** The commit_ts of the cut: nothing later is listed, everything earlier is. */
    public long readTs() {
        return first.readTs();
    }

    @Override
    public Iterator<T> iterator() {
        return new PagedIterator();
    }

    /** The same one after another as a stream. */
    public Stream<T> stream() {
        return StreamSupport.stream(spliterator(), false);
    }

    /** All of it in memory; for ranges known to be small. */
    public List<T> toList() {
        List<T> all = new ArrayList<>();
        forEach(all::add);
        return List.copyOf(all);
    }

    private final class PagedIterator implements Iterator<T> {
        private @Nullable Page<T> page = first;
        private Iterator<T> items = first.items().iterator();

        @Override
        public boolean hasNext() {
            // A page may be empty and yet not the last one.
            while (!items.hasNext() && page != null) {
                page = page.hasNext() ? nextPage.apply(page) : null;
                items = page == null ? items : page.items().iterator();
            }
            return items.hasNext();
        }

        @Override
        public T next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the listing has ended");
            }
            return items.next();
        }
    }
}
