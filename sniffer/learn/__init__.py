"""What sessions show and the definition lacks: records in, proposals out, each with its evidence and none as a fact."""
