"""The actions of the session's screen: navigation, prompts for find, filter and notes, export and copying."""
