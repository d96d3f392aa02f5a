package io.statehouse.cluster.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A disk of its own for one node: an ext4 file system in a file, whose power can be cut and whose space can be used up.
 *
 * <p>A power cut is ext4's own emergency shutdown without flushing the journal: what was not forced to the disk by then is
 * gone after the next mount, what was forced is there. Needs root, {@code mount}, {@code mkfs.ext4} and {@code perl}.
 */
public final class LoopDisk implements AutoCloseable {
    /** EXT4_IOC_SHUTDOWN of linux/fs.h, and its flag that leaves the journal as it is. */
    private static final String SHUTDOWN = "0x8004587d";

    private static final String NO_LOG_FLUSH = "2";
    /** Root may not use more than anybody else. */
    private static final String NO_RESERVE = "0";

    private static final String FILLER = "filler";
    private static final int BLOCK_BYTES = 4 << 10;
    private static final long MARGIN_BYTES = 4 << 20;

    private final Path image;
    private final Path directory;

    private LoopDisk(Path image, Path directory) {
        this.image = image;
        this.directory = directory;
    }

    /** Why a disk cannot be made here; empty when it can. */
    public static String obstacle() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "loop mounts need root";
        }
        for (String command : new String[] {"mount", "umount", "mkfs.ext4", "perl", "fallocate"}) {
            if (!Shell.succeeds("sh", "-c", "command -v " + command)) {
                return "the command " + command + " is missing";
            }
        }
        return "";
    }

    /** Makes a disk of a size under a directory and mounts it there. */
    public static LoopDisk make(Path parent, String name, int megabytes) {
        Path image = parent.resolve(name + ".img");
        Path directory = parent.resolve(name);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Shell.run("fallocate", "-l", megabytes + "MiB", image.toString());
        Shell.run("mkfs.ext4", "-q", "-F", "-m", NO_RESERVE, image.toString());
        var disk = new LoopDisk(image, directory);
        disk.mount();
        return disk;
    }

    /** Where it is mounted. */
    public Path directory() {
        return directory;
    }

    /** Cuts the power: from now on every access fails. Kill the processes that use it, then {@link #powerOn}. */
    public void cutPower() {
        String shutdown = "open(my $disk, '<', $ARGV[0]) or die $!; my $flags = pack('L', " + NO_LOG_FLUSH + "); "
                + "ioctl($disk, " + SHUTDOWN + ", $flags) or die $!";
        Shell.run("perl", "-e", shutdown, directory.toString());
    }

    /** Mounts it again as a boot would; nobody may have a file open on it. */
    public void powerOn() {
        Shell.run("umount", directory.toString());
        mount();
    }

    /** Leaves at most so much space; 0 = until a write is refused. */
    public void fillUpTo(long bytesLeft) {
        Path filler = directory.resolve(FILLER);
        long most = directory.toFile().getUsableSpace() - bytesLeft - MARGIN_BYTES;
        if (most > 0) {
            Shell.run("fallocate", "-l", String.valueOf(most), filler.toString());
        }
        // What the file system needs for itself, and what others take meanwhile, is only known at the end.
        byte[] block = new byte[BLOCK_BYTES];
        try (var rest = Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (directory.toFile().getUsableSpace() > bytesLeft) {
                rest.write(block);
            }
        } catch (IOException e) {
            if (directory.toFile().getUsableSpace() > bytesLeft + MARGIN_BYTES) {
                throw new UncheckedIOException("the disk is not full and takes nothing", e);
            }
        }
    }

    /** Gives back the space that {@link #fillUpTo} took. */
    public void freeSpace() {
        try {
            Files.deleteIfExists(directory.resolve(FILLER));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Shell.succeeds("umount", "-l", directory.toString());
        try {
            Files.deleteIfExists(image);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void mount() {
        Shell.run("mount", "-o", "loop", image.toString(), directory.toString());
    }
}
