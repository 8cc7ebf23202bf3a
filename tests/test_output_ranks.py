"""What many processes write is what one writes: in one file, in files of their own that are joined, in zarr stores."""

import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr
from freshet.driver.cli import _status, commands
from freshet.driver.errors import ConfigurationError, InputError
from freshet.driver.output.columns import Columns
from freshet.driver.output.join import join

import mpi
import output_ranks
from output_case import run

NOT_EQUAL = ("namelist",)  # names the mode


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("ranks")
    run(folder / "compiled", "run.end=1999-12-03")  # once, here, and not by three ranks on two processors
    program = str(Path(output_ranks.__file__))
    status, out, error = mpi.finished(3, program, str(folder), SOURCE_DATE_EPOCH="946684800")
    assert status == 0, out + error
    return folder


def content(path: Path) -> dict[str, object]:
    """Everything that a netCDF-4 file holds, down to the bytes of its chunks."""
    found: dict[str, object] = {}

    def take(name: str, item) -> None:
        attributes = {key: np.asarray(value).tobytes() for key, value in item.attrs.items() if key not in NOT_EQUAL}
        found[f"{name} attributes"] = {key: value for key, value in attributes.items() if "REFERENCE" not in key}
        if isinstance(item, h5py.Dataset):
            values = item[()]
            numbers = values.tolist() if item.dtype == object else values.tobytes()
            found[name] = (item.shape, item.chunks, item.compression, numbers)
            if item.chunks:
                chunks = [item.id.get_chunk_info(each) for each in range(item.id.get_num_chunks())]
                found[f"{name} chunks"] = [(each.chunk_offset, each.size) for each in chunks]

    with h5py.File(path) as file:
        take("/", file)
        file.visititems(take)
    for name, values in found.items():
        if name.endswith(" attributes"):
            for key in ("DIMENSION_LIST", "REFERENCE_LIST"):
                values.pop(key, None)
    return found


def names(folder: Path) -> list[str]:
    """Files as one process writes them."""
    return sorted(path.name for path in folder.glob("*.nc") if path.name.count(".") == 1)


def test_one_file_has_the_same_bytes_for_any_number_of_processes(folder):
    one, three = folder / "single1" / "out", folder / "single3" / "out"
    assert len(names(one)) > 10
    assert names(one) == names(three)
    for name in names(one):
        assert (one / name).read_bytes() == (three / name).read_bytes(), name


@pytest.mark.parametrize(("mode", "single"), [("rank1", "single1"), ("rank3", "single1"), ("cells3", "cells1")])
def test_joined_files_are_those_of_one_process(folder, mode, single):
    many, one = folder / mode / "out", folder / single / "out"
    assert not list(many.glob("history_2000.nc"))
    said = join(many)
    assert len(said) == len(list(one.glob("history*.nc")))
    assert names(many) == names(one)
    for name in names(one):
        assert content(many / name) == content(one / name), name
    before = {name: (many / name).read_bytes() for name in names(many)}
    join(many)
    assert before == {name: (many / name).read_bytes() for name in names(many)}


def test_a_run_continued_by_another_number_of_processes_is_joined_too(folder):
    join(folder / "rank_moved" / "out")
    for name in names(folder / "single1" / "out"):
        if name.startswith("history"):
            mine, theirs = (content(folder / each / "out" / name) for each in ("rank_moved", "single1"))
            assert mine == theirs, name


def test_a_virtual_file_refers_to_the_files_of_the_processes(folder, tmp_path):
    target = tmp_path / "out"
    subprocess.run(["cp", "-r", str(folder / "rank3" / "out"), str(target)], check=True)
    for name in target.glob("history_2000.nc"):
        name.unlink()
    assert _status(lambda: commands.main(["join", str(target), "--virtual"], standalone_mode=False)) == 0
    with (
        xr.open_dataset(target / "history_2000.nc") as data,
        xr.open_dataset(folder / "single1/out/history_2000.nc") as maps,
    ):
        assert data.discharge.dims == ("time", "cell")
        for name in ("discharge", "runoff"):
            whole = maps[name].values.reshape(len(maps.time), -1)
            np.testing.assert_array_equal(data[name].values, whole[:, data["cell"].values])
        assert (data.time == maps.time).all()
    assert (target / "history_2000.nc").stat().st_size < 200_000
    with h5py.File(target / "history_2000.nc") as file:
        assert file["discharge"].is_virtual


def test_what_is_missing_is_told_and_nothing_is_left(folder, tmp_path, capsys):
    target = tmp_path / "out"
    subprocess.run(["cp", "-r", str(folder / "rank3" / "out"), str(target)], check=True)
    for path in target.glob("history*.nc"):
        if path.name.count(".") == 1:
            path.unlink()
    lost = target / "history_2000.0003.rank00001.nc"
    kept = lost.read_bytes()
    lost.unlink()
    with pytest.raises(InputError, match="the file of a process is missing"):
        join(target)
    assert not (target / "history_2000.nc").exists()
    assert not list(target.glob("*.tmp.*"))
    lost.write_bytes(kept[:-3000])
    with pytest.raises(InputError, match=r"history_2000.0003.rank00001.nc' cannot be read"):
        join(target)
    lost.write_bytes(kept)
    for path in target.glob("history_2000.0003.*"):
        path.unlink()
    with pytest.raises(InputError, match="window 0003 of history_2000 is missing"):
        join(target)
    assert _status(lambda: commands.main(["join", str(tmp_path)], standalone_mode=False)) == 3
    assert "nothing to join" in capsys.readouterr().err


def test_joining_can_remove_the_files_of_the_processes(folder, tmp_path):
    target = tmp_path / "out"
    subprocess.run(["cp", "-r", str(folder / "rank3" / "out"), str(target)], check=True)
    join(target, remove=True)
    assert names(target) == names(folder / "single1" / "out")
    assert not list(target.glob("*.rank*")) + list(target.glob("*.face.nc"))


def test_a_zarr_store_has_the_same_chunks_for_any_number_of_processes(folder):
    one, three, moved = (folder / name / "out" for name in ("zarr1", "zarr3", "zarr_moved"))
    stores = sorted(path.name for path in one.glob("*.zarr"))
    assert stores == ["history.zarr", "history_monthly.zarr", "history_yearly.zarr"]
    for store in stores:
        files = sorted(str(path.relative_to(one)) for path in (one / store).rglob("*") if path.is_file())
        assert len(files) > 10
        for name in files:
            mine = (one / name).read_bytes()
            assert (three / name).read_bytes() == mine, name
            if "/c/" in name and name.split("/")[1] not in ("time", "time_bounds"):
                assert (moved / name).read_bytes() == mine, name
    with xr.open_zarr(three / "history.zarr", consolidated=False) as data:
        assert data.discharge.dims == ("time", "cell")
        assert data.discharge.encoding["chunks"][1] == 20
        for year in (1999, 2000, 2001):
            with xr.open_dataset(folder / "single1" / "out" / f"history_{year}.nc") as maps:
                for name in ("discharge", "runoff"):
                    whole = maps[name].values.reshape(len(maps.time), -1)[:, data["cell"].values]
                    np.testing.assert_array_equal(data[name].sel(time=maps.time).values, whole)


def test_zarr_is_refused_in_one_line_where_it_is_not_installed(tmp_path):
    program = (
        "import sys; sys.modules['zarr'] = None\n"
        "from pathlib import Path; import output_case; from freshet.driver.cli import _status\n"
        f"sys.exit(_status(lambda: output_case.run(Path({str(tmp_path / 'out')!r}), 'output.mode=zarr') and None))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "pip install 'freshet[zarr]'" in done.stderr
    assert not (tmp_path / "out").exists()


def test_parallel_files_are_refused_in_one_line_without_parallel_libraries(tmp_path):
    if h5py.get_config().mpi:
        pytest.skip("h5py is built with parallel HDF5 here")
    with pytest.raises(ConfigurationError, match="built with parallel HDF5"):
        run(tmp_path / "out", "output.mode=parallel")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "bounds", [(0, 7, 7, 30, 64), (0, 64), (0, 1, 2, 3, 64), (0, 20, 40, 60, 64), (0, 0, 0, 64, 64)]
)
def test_chunks_are_put_together_whatever_the_slabs(bounds):
    """All ranks in one process: what is sent waits until it is received."""
    whole = np.arange(2 * 64).reshape(2, 64)
    post: dict[tuple[int, int], list[np.ndarray]] = {}

    class Mail:
        def __init__(self, rank: int):
            self.rank = rank

        def send(self, rank: int, tag: int, array: np.ndarray) -> None:
            post.setdefault((self.rank, rank), []).append(array.copy())

        def receive(self, rank: int, tag: int, shape: tuple[int, ...], dtype) -> np.ndarray:
            array = post[rank, self.rank].pop(0)
            assert array.shape == shape
            return array

    found = {}
    for rank in reversed(range(len(bounds) - 1)):
        slab = whole[:, bounds[rank] : bounds[rank + 1]]
        found |= dict(Columns(np.array(bounds), rank, Mail(rank), 20).whole(slab))
    assert sorted(found) == [0, 20, 40, 60]
    assert np.array_equal(np.concatenate([found[first] for first in sorted(found)], axis=1), whole)
    assert not any(post.values())
