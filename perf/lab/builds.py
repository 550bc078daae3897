"""Two builds to compare: jars, or commits that are built in a worktree of their own."""
import os
import shutil
import subprocess

from lab.fleet import HOME, Failure, note


def git(*words):
    done = subprocess.run(["git", "-C", HOME, *words], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"git {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout.strip()


class Build:
    """A jar, and what to call it."""

    def __init__(self, name, jar):
        self.name = name
        self.jar = jar


def build(text, folder, label, patch=None):
    """
    Of a jar's path, of a commit, which may be patched, or of the tree as it is (an empty text). The jar is a copy: a
    build in the meantime does not disturb.
    """
    target = os.path.join(folder, f"{label}.jar")
    if text.endswith(".jar"):
        if not os.path.isfile(text):
            raise Failure(f"{text} is missing")
        shutil.copy2(text, target)
        return Build(text, target)
    if not text:
        made(HOME, target)
        return Build("the tree", target)
    commit = git("rev-parse", "--short=10", "--verify", text + "^{commit}")
    tree = os.path.join(folder, label + "-tree")
    git("worktree", "add", "--detach", tree, commit)
    try:
        if patch:
            git("-C", tree, "apply", "-C1", patch)
        note(f"building {commit} ({os.path.basename(patch) if patch else text})")
        made(tree, target)
    finally:
        git("worktree", "remove", "--force", tree)
    return Build(commit, target)


def made(tree, target):
    """Its launcher builds what is older than its sources."""
    env = {name: value for name, value in os.environ.items()
           if name not in ("MILLRACE_JAR", "MILLRACE_BUILD", "MILLRACE_JAVA_OPTS")}
    if subprocess.run([os.path.join(tree, "bin", "millrace"), "--version"], env=env,
                      stdout=subprocess.DEVNULL).returncode != 0:
        raise Failure(f"{tree} cannot be built")
    shutil.copy2(os.path.join(tree, "engine", "target", "millrace.jar"), target)
