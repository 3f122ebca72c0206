"""Scopes that are no person's: of commands, and of the files that are kept with closed figures."""

from archiveportal.accounts.rights import RIGHTS, Role
from archiveportal.scope import Right, Scope

#: what leadership sees: everything approved or published, of all units
LEADERSHIP = Scope(RIGHTS[Role.LEADERSHIP])
#: the same with the ledger; commands use it only where they are to work for everybody
EVERYTHING = Scope(RIGHTS[Role.LEADERSHIP] | {Right.SEES_LEDGER})
