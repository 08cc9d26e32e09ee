<?php
echo "wiki\n";
