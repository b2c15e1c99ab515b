#!/bin/sh
# Copy a data directory of Therascape while services run on it: backup.sh DATA DESTINATION
#
# The order is what makes the copy consistent. A checkpoint first makes a release with the writes of
# the journal in it, and then drops them from the journal. So whoever copies the journal first, then
# the link to the current release, then releases, has each acknowledged write in one of them at
# least. Derived files (networks, exports, statistics) are left out: they are made again.
#
# The destination must not be there yet; it gets its name when all of it is on the disk.
set -eu

# What ends in a slash, or in /., names the same folder as what does not; with a path before it, no
# name is an option.
data=${1:?the data directory} destination=${2:?the folder to make}
while :; do
    case $destination in
        ?*/) destination=${destination%/} ;;
        */.) destination=${destination%.} ;;
        *) break ;;
    esac
done
case $data in -*) data=./$data ;; esac
case $destination in -*) destination=./$destination ;; esac
part=$destination.part

if [ -e "$destination" ] || [ -L "$destination" ]; then
    echo "backup: $destination is there already; name a folder that is not" >&2
    exit 1
fi
case $destination in
    */..)
        echo "backup: $destination is no name of a folder to make" >&2
        exit 1
        ;;
esac
# A copy in the data directory is lost with it.
above=$(dirname "$destination")
while [ ! -d "$above" ]; do above=$(dirname "$above"); done
if [ -d "$data" ]; then
    case $(cd "$above" && pwd -P)/ in
        "$(cd "$data" && pwd -P)"/*)
            echo "backup: $destination is in the data directory; name a folder elsewhere" >&2
            exit 1
            ;;
    esac
fi
rm -rf "$part"

# The folder `empty` is that of a service with --empty.
for folder in . empty; do
    from=$data/$folder to=$part/$folder
    [ -L "$from/current" ] || continue
    mkdir -p "$to/journal" "$to/releases"
    if [ -e "$from/journal/entries.jsonl" ]; then
        cp -p "$from/journal/entries.jsonl" "$to/journal/"
    fi
    cp -pP "$from/current" "$to/"
    for release in "$from"/releases/[0-9a-f]*; do
        # One that is pruned meanwhile is none that is needed.
        copy=$to/releases/${release##*/}
        mkdir "$copy"
        cp -p "$release/data.nq" "$release/manifest.json" "$copy/" || rm -r "$copy"
    done
    if [ ! -e "$to/current/data.nq" ]; then
        echo "backup: the current release of $from was not copied; try again" >&2
        exit 1
    fi
    for rest in built-from.json remote.json problems; do
        if [ -e "$from/$rest" ]; then cp -Rp "$from/$rest" "$to/"; fi
    done
done
if [ ! -d "$part" ]; then
    echo "backup: $data has no release; is it the data directory?" >&2
    exit 1
fi
sync
mv "$part" "$destination"
